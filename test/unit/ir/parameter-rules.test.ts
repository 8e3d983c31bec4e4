import { describe, expect, it } from 'vitest';
import { component, double, pipeline, string } from '../../../src/dsl/index.js';
import { checkParameterRules } from '../../../src/ir/index.js';
import type { ParameterRules } from '../../../src/ir/index.js';
import { churn } from '../../../src/pipelines/churn.js';
import { PARAMETER_RULES } from '../../../src/pipelines/index.js';

const RULES: ParameterRules = PARAMETER_RULES;

/** The churn pipeline's defaults with some values changed. */
const churnWith = (changed: Record<string, string | number>) => ({
  data_path: 'churn.csv',
  test_split: 0.2,
  n_estimators: 100,
  max_depth: 10,
  deploy_threshold: 0.85,
  endpoint_name: 'churn-model-prod',
  instance_type: 'ml.t2.medium',
  label_column: '',
  ...changed,
});

const checkChurn = (changed: Record<string, string | number>) => () =>
  checkParameterRules(churn.compile(), churnWith(changed), RULES);

const threshold = (image: string) =>
  component({
    name: 'evaluate',
    inputs: { threshold: double(), note: string({ default: '' }) },
    container: { image, args: ['--function_to_execute', 'evaluate'] },
  });

const compileWith = (image: string, value: number) =>
  pipeline({ name: 'other' }, () => {
    threshold(image)({ threshold: value });
  }).compile();

describe('parameter rules', () => {
  it('let the churn pipeline start with its defaults', () => {
    expect(checkChurn({})).not.toThrow();
  });

  it.each([
    ['deploy_threshold', 2, 'E_PARAM', 'is more than 1'],
    ['deploy_threshold', -0.1, 'E_PARAM', 'is less than 0'],
    ['test_split', 0, 'E_PARAM', 'is not more than 0'],
    ['test_split', 1, 'E_PARAM', 'is not less than 1'],
    ['n_estimators', 0, 'E_PARAM', 'is less than 1'],
    ['endpoint_name', '-churn', 'E_ENDPOINT_NAME', 'is not allowed'],
    ['endpoint_name', 'churn\n', 'E_ENDPOINT_NAME', 'is not allowed'],
    ['endpoint_name', 'a'.repeat(64), 'E_ENDPOINT_NAME', 'is longer than 63 characters'],
    ['instance_type', 'm5.large', 'E_INSTANCE_TYPE', 'is not allowed'],
  ])('refuse %s = %j before a run starts', (parameter, value, code, fault) => {
    expect(checkChurn({ [parameter]: value })).toThrow(
      expect.objectContaining({
        code,
        exitCode: 3,
        where: parameter,
        message: expect.stringContaining(fault) as string,
      }),
    );
  });

  it('follow a parameter to the input it is wired to, whatever it is called', () => {
    expect(checkChurn({ deploy_threshold: 85 })).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ task: 'evaluate', input: 'threshold' }) as object,
        hint: expect.stringContaining('Did you mean 0.85?') as string,
      }),
    );
  });

  it('reach inputs inside conditions', () => {
    expect(checkChurn({ endpoint_name: 'a_b' })).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ task: 'condition-1/deploy-model' }) as object,
      }),
    );
  });

  it('check constants of the pipeline too', () => {
    expect(() => checkParameterRules(compileWith('anneal-tasks:9', 2), {}, RULES)).toThrow(
      expect.objectContaining({ code: 'E_PARAM', where: 'evaluate.threshold' }),
    );
  });

  it.each(['registry.test:5000/team/anneal-tasks:9', 'anneal-tasks@sha256:00'])(
    'hold for the image %s',
    (image) => {
      expect(() => checkParameterRules(compileWith(image, 2), {}, RULES)).toThrow(/more than 1/);
    },
  );

  it('leave components of other images alone', () => {
    expect(() => checkParameterRules(compileWith('other-tasks:1', 2), {}, RULES)).not.toThrow();
  });
});
