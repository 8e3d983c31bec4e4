import { describe, expect, it } from 'vitest';
import type { DeploymentRequest } from '../../../../src/deploy/index.js';
import { planDeployment } from '../../../../src/deploy/sagemaker/deployment-plan.js';
import { tagValue } from '../../../../src/deploy/sagemaker/tags.js';
import { IMAGE, ROLE } from './sagemaker-fixture.js';

const REQUEST: DeploymentRequest = {
  deploymentId: 'run-1/deploy',
  endpointName: 'churn-model-prod',
  modelUri: 'runs/run-1/train/1/model',
  modelPath: '/nowhere',
  modelDigest: `sha256:${'a'.repeat(64)}`,
  modelMetadata: {},
  runId: 'run-1',
};
const SETTINGS = { region: 'eu-central-1', roleArn: ROLE, image: IMAGE };
const ARCHIVE = { uri: 's3://models/a/model.tar.gz' };

const nameOf = (request: Partial<DeploymentRequest> = {}, settings = {}, archive = ARCHIVE) =>
  planDeployment({ ...REQUEST, ...request }, { ...SETTINGS, ...settings }, archive).name;

describe('planDeployment', () => {
  it('gives equal content equal names, whichever run asks (A1)', () => {
    expect(nameOf({ deploymentId: 'other', runId: 'other' })).toBe(nameOf());
  });

  it.each([
    ['model', nameOf({ modelDigest: 'sha256:b' })],
    ['instance type', nameOf({ instanceType: 'ml.m5.xlarge' })],
    ['image', nameOf({}, { image: 'other' })],
    ['environment', nameOf({}, { environment: { A: '1' } })],
    ['archive', nameOf({}, {}, { uri: 's3://elsewhere/model.tar.gz' })],
    ['pickle permission', nameOf({ allowPickle: true })],
  ])('gives another %s another name (A1)', (_, name) => {
    expect(name).not.toBe(nameOf());
  });

  it.each(['a', 'x'.repeat(63), `${'y'.repeat(45)}--${'z'.repeat(10)}`])(
    'makes a name that AWS accepts from the endpoint name %s',
    (endpointName) => {
      expect(nameOf({ endpointName })).toMatch(/^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/);
    },
  );

  it('keeps apart long endpoint names that begin alike', () => {
    const [one, two] = ['1', '2'].map((end) => nameOf({ endpointName: 'x'.repeat(60) + end }));

    expect(one).not.toBe(two);
  });

  it('has the container check the digest of the bytes it loads', () => {
    const { model } = planDeployment(REQUEST, SETTINGS, { ...ARCHIVE, fileName: 'model.pkl' });

    expect(model.PrimaryContainer?.Environment).toEqual({
      ANNEAL_MODEL: '/opt/ml/model/model.pkl',
      ANNEAL_EXPECT_DIGEST: REQUEST.modelDigest,
    });
  });
});

describe('tagValue', () => {
  it('replaces what AWS refuses in tags', () => {
    expect(tagValue('run 1: {"a"}; ünïcode@x=1')).toBe('run 1: __a___ ünïcode@x=1');
    expect(tagValue('x'.repeat(300))).toHaveLength(256);
  });
});
