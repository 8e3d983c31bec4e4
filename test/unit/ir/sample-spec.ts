// A small valid pipeline as plain JSON, with a way to spoil it.

import { isAnnealError, type AnnealError } from '../../../src/errors/index.js';
import type { Pipeline } from '../../../src/ir/index.js';
import type { JsonObject, JsonValue } from '../../../src/util/index.js';
import { readPipeline } from '../../../src/ir/yaml/index.js';

const dataset = { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } };
const model = { artifactType: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' } };

/** The task that makes a Dataset and a count. */
export const PREPARE_TASK = {
  componentRef: { name: 'comp-prepare' },
  inputs: { parameters: { path: { componentInputParameter: 'path' } } },
};

/** Two container tasks: `prepare` makes a Dataset and a count, `train` takes both and makes a Model. */
const SAMPLE: JsonObject = {
  pipelineInfo: { name: 'sample' },
  schemaVersion: '2.1.0',
  components: {
    'comp-prepare': {
      executorLabel: 'exec-prepare',
      inputDefinitions: { parameters: { path: { parameterType: 'STRING' } } },
      outputDefinitions: {
        artifacts: { rows: dataset },
        parameters: { count: { parameterType: 'NUMBER_INTEGER' } },
      },
    },
    'comp-train': {
      executorLabel: 'exec-train',
      inputDefinitions: {
        artifacts: { rows: dataset },
        parameters: {
          count: { parameterType: 'NUMBER_INTEGER' },
          depth: { parameterType: 'NUMBER_INTEGER', defaultValue: 10 },
        },
      },
      outputDefinitions: { artifacts: { model: model } },
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
        prepare: PREPARE_TASK,
        train: {
          componentRef: { name: 'comp-train' },
          dependentTasks: ['prepare'],
          inputs: {
            artifacts: {
              rows: {
                taskOutputArtifact: { producerTask: 'prepare', outputArtifactKey: 'rows' },
              },
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

/** New values by path, with dots between the keys; undefined removes the field. */
export type Change = Readonly<Record<string, JsonValue | undefined>>;

/** The sample as JSON, after a change. */
export function sampleSpec(change: Change = {}): JsonObject {
  return Object.entries(change).reduce<JsonObject>(
    (spec, [path, value]) => withValue(spec, path.split('.'), value),
    SAMPLE,
  );
}

function withValue(object: JsonObject, path: readonly string[], value?: JsonValue): JsonObject {
  const [key = '', ...rest] = path;
  const inner = (object[key] ?? {}) as JsonObject;
  const changed = rest.length > 0 ? withValue(inner, rest, value) : value;
  const entries = Object.entries({ ...object, [key]: changed });
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined)) as JsonObject;
}

/** Reads the sample after a change; JSON is YAML. */
export function readChanged(change: Change): Pipeline {
  return readPipeline(JSON.stringify(sampleSpec(change)), 'sample.json');
}

/** What reading the changed sample is refused with: code and JSON path of each finding. */
export function findingsOf(change: Change): string[] {
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
