import { describe, expect, it } from 'vitest';
import { isDeployComponent } from '../../../src/ir/index.js';
import { validatePipeline } from '../../../src/ir/validate/index.js';
import { readPipeline, writePipeline } from '../../../src/ir/yaml/index.js';
import { shippedPipelines } from '../../../src/pipelines/index.js';

const compiled = shippedPipelines.get('ml-training-pipeline')!();
const { root, components } = compiled.spec;
const tasks = root!.dag!.tasks!;
const deploy = components!['comp-condition-1']!.dag!.tasks!['deploy-model']!;

describe('the churn pipeline', () => {
  it('is a valid pipeline', () => {
    expect(() => validatePipeline(compiled)).not.toThrow();
  });

  it('is read back from its YAML as it was written', () => {
    const text = writePipeline(compiled);

    expect(readPipeline(text, 'churn.yaml').spec).toEqual(compiled.spec);
    expect(writePipeline(readPipeline(text, 'churn.yaml'))).toBe(text);
  });

  it('has the stages import, preprocess, train, evaluate and a gate named deploy-condition', () => {
    expect(Object.entries(tasks).map(([name, task]) => [name, task.taskInfo!.name])).toEqual([
      ['import', 'import'],
      ['preprocess', 'preprocess'],
      ['train', 'train'],
      ['evaluate', 'evaluate'],
      ['condition-1', 'deploy-condition'],
    ]);
  });

  // design.md section 6: the seed's parameters and defaults
  it("has the seed's parameters with their defaults, data_path required", () => {
    const { parameters } = root!.inputDefinitions!;
    const defaults = Object.entries(parameters!).map(([name, one]) => [name, one.defaultValue]);

    expect(Object.fromEntries(defaults)).toEqual({
      data_path: undefined,
      test_split: 0.2,
      n_estimators: 100,
      max_depth: 10,
      deploy_threshold: 0.85,
      endpoint_name: 'churn-model-prod',
      instance_type: 'ml.t2.medium',
      label_column: '',
    });
    expect(parameters!['data_path']!.isOptional).toBeUndefined();
  });

  it('trains on the training part and evaluates on the held-out part', () => {
    expect(tasks['train']!.inputs!.artifacts).toEqual({
      train_data: {
        taskOutputArtifact: { producerTask: 'preprocess', outputArtifactKey: 'train_data' },
      },
    });
    expect(tasks['evaluate']!.inputs!.artifacts!['test_data']).toEqual({
      taskOutputArtifact: { producerTask: 'preprocess', outputArtifactKey: 'test_data' },
    });
  });

  it('deploys only what its own evaluation passed', () => {
    expect(tasks['condition-1']!.triggerPolicy!.condition).toBe(
      "inputs.parameter_values['pipelinechannel--evaluate-passed'] == true",
    );
    expect(tasks['condition-1']!.inputs!.artifacts).toEqual({
      'pipelinechannel--train-model': {
        taskOutputArtifact: { producerTask: 'train', outputArtifactKey: 'model' },
      },
      'pipelinechannel--evaluate-metrics': {
        taskOutputArtifact: { producerTask: 'evaluate', outputArtifactKey: 'metrics' },
      },
    });
  });

  it('never answers the deployment from the cache, and leaves it to the deployer', () => {
    expect(deploy.cachingOptions?.enableCache ?? false).toBe(false);
    expect(isDeployComponent(components![deploy.componentRef!.name!]!)).toBe(true);
  });

  it('hands on the test accuracy and whether the model passed', () => {
    expect(Object.keys(root!.outputDefinitions!.parameters!)).toEqual(['test_accuracy', 'passed']);
  });
});
