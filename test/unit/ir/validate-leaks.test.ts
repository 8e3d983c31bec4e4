import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Dataset, importer, pipeline, string, when } from '../../../src/dsl/index.js';
import { validatePipeline } from '../../../src/ir/validate/index.js';
import { readPipeline } from '../../../src/ir/yaml/index.js';
import {
  deployModel,
  evaluate,
  preprocess,
  train,
} from '../../../src/pipelines/components.generated.js';
import { refusalOf } from './sample-spec.js';

const SEED = readFileSync('examples/seed/ml_pipeline.yaml', 'utf8');
/** The pipeline as it was first written: what the model is fitted on is also its test set. */
const AS_WRITTEN = SEED.replace(
  'outputArtifactKey: test_data',
  'outputArtifactKey: processed_data',
);

describe('an evaluation that guards a deployment', () => {
  test('on the very data the model is fitted on is refused, with line, column and path', () => {
    const refusal = refusalOf(() => readPipeline(AS_WRITTEN, 'ml_pipeline.yaml'));

    const line = AS_WRITTEN.split('\n').findIndex((each) => each.includes('evaluate-model:')) + 1;
    expect(refusal.code).toBe('E_HELD_OUT');
    expect(refusal.message).toContain('"train-model" fits the model on');
    expect(refusal.where).toMatch(/^ml_pipeline\.yaml:\d+:\d+$/);
    expect(Number(refusal.where!.split(':')[1])).toBeGreaterThan(line);
    expect(refusal.details['path']).toBe(
      'root.dag.tasks.evaluate-model.inputs.artifacts.test_data',
    );
  });

  test('on rows held out is accepted', () => {
    expect(readPipeline(SEED, 'ml_pipeline.yaml').spec.root).toBeDefined();
  });

  test('in a pipeline that deploys nothing may be on any data', () => {
    const harmless = AS_WRITTEN.replaceAll('exec-deploy-model', 'exec-publish-model');

    expect(readPipeline(harmless, 'ml_pipeline.yaml').spec.root).toBeDefined();
  });

  const wired = (part: 'train_data' | 'test_data', also: 'condition' | 'evaluation') =>
    pipeline({ name: 'wired', inputs: { data_path: string() } }, ({ data_path }) => {
      const raw = importer({ uri: data_path, type: Dataset });
      const split = preprocess({ raw_data: raw.outputs.artifact });
      const trained = train({ train_data: split.outputs.train_data });
      const judged = evaluate({ model: trained.outputs.model, test_data: split.outputs[part] });
      const deploy = (): void => {
        deployModel({ model: trained.outputs.model, evaluation: judged.outputs.metrics });
      };
      if (also === 'condition') when(judged.outputs.passed, deploy);
      else deploy();
    }).compile();

  test.each(['condition', 'evaluation'] as const)('is found by its %s', (also) => {
    const compile = () => wired('train_data', also);

    expect(refusalOf(() => validatePipeline(compile())).code).toBe('E_HELD_OUT');
    expect(() => validatePipeline(wired('test_data', also))).not.toThrow();
  });

  test('on the imported file that the model is fitted on is refused', () => {
    const compile = () =>
      pipeline({ name: 'imported', inputs: { data_path: string() } }, ({ data_path }) => {
        const raw = importer({ uri: data_path, type: Dataset });
        const trained = train({ train_data: raw.outputs.artifact });
        const judged = evaluate({ model: trained.outputs.model, test_data: raw.outputs.artifact });
        when(judged.outputs.passed, () => {
          deployModel({ model: trained.outputs.model, evaluation: judged.outputs.metrics });
        });
      }).compile();

    expect(refusalOf(() => validatePipeline(compile())).code).toBe('E_HELD_OUT');
  });
});
