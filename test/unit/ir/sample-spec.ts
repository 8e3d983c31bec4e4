// A small valid pipeline as plain JSON, made anew for each test so that a test can spoil it.

import { isAnnealError, type AnnealError } from '../../../src/errors/index.js';
import type { Pipeline } from '../../../src/ir/index.js';
import { readPipeline } from '../../../src/ir/yaml/index.js';

/** A part of the sample that tests reach into and change. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

const dataset = { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } };
const model = { artifactType: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' } };

/** Two container tasks: `prepare` makes a Dataset and a count, `train` takes both and makes a Model. */
export function sampleSpec(): Loose {
  return {
    pipelineInfo: { name: 'sample' },
    schemaVersion: '2.1.0',
    components: {
      'comp-prepare': {
        executorLabel: 'exec-prepare',
        inputDefinitions: { parameters: { path: { parameterType: 'STRING' } } },
        outputDefinitions: {
          artifacts: { rows: structuredClone(dataset) },
          parameters: { count: { parameterType: 'NUMBER_INTEGER' } },
        },
      },
      'comp-train': {
        executorLabel: 'exec-train',
        inputDefinitions: {
          artifacts: { rows: structuredClone(dataset) },
          parameters: {
            count: { parameterType: 'NUMBER_INTEGER' },
            depth: { parameterType: 'NUMBER_INTEGER', defaultValue: 10 },
          },
        },
        outputDefinitions: { artifacts: { model: structuredClone(model) } },
      },
    },
    deploymentSpec: {
      executors: {
        'exec-prepare': { container: { image: 'prepare:1', command: ['run'], args: ['{{$}}'] } },
        'exec-train': { container: { image: 'train:1', command: ['run'], args: ['{{$}}'] } },
      },
    },
    root: {
      inputDefinitions: { parameters: { path: { parameterType: 'STRING' } } },
      dag: {
        tasks: {
          prepare: {
            componentRef: { name: 'comp-prepare' },
            inputs: { parameters: { path: { componentInputParameter: 'path' } } },
          },
          train: {
            componentRef: { name: 'comp-train' },
            dependentTasks: ['prepare'],
            inputs: {
              artifacts: {
                rows: { taskOutputArtifact: { producerTask: 'prepare', outputArtifactKey: 'rows' } },
              },
              parameters: {
                count: {
                  taskOutputParameter: { producerTask: 'prepare', outputParameterKey: 'count' },
                },
              },
            },
          },
        },
      },
    },
  };
}

/** Reads the sample after a change; JSON is YAML. */
export function readChanged(change: (spec: Loose) => void): Pipeline {
  const spec = sampleSpec();
  change(spec);
  return readPipeline(JSON.stringify(spec), 'sample.json');
}

/** What reading the changed sample is refused with: code and JSON path of each finding. */
export function findingsOf(change: (spec: Loose) => void): string[] {
  const { details } = refusalOf(() => readChanged(change));
  const errors = details['errors'] as { code: string; path: string }[];
  return errors.map(({ code, path }) => `${code} ${path}`);
}

/** The AnnealError an action throws. */
export function refusalOf(action: () => unknown): AnnealError {
  try {
    action();
  } catch (error) {
    if (isAnnealError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
