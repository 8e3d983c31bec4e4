import { expect, test } from 'vitest';
import { buildExecutorInput, executorInputJson } from '../../../src/runners/task-contract/index.js';

const artifact = (name: string, uri: string) => ({
  name,
  type: 'system.Dataset',
  schemaVersion: '0.0.1',
  uri,
  digest: 'sha256:00',
  metadata: { rows: 3 },
});

function build(parameters: Record<string, null | number | string>) {
  return buildExecutorInput({
    component: {
      inputDefinitions: {
        parameters: {
          a: { parameterType: 'STRING', isOptional: true },
          b: { parameterType: 'NUMBER_INTEGER', defaultValue: 7, isOptional: true },
        },
      },
      outputDefinitions: {
        parameters: { 'Weird Name': { parameterType: 'STRING' } },
        artifacts: {
          model: { artifactType: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' } },
        },
      },
    },
    inputs: {
      parameters,
      artifacts: { parts: [artifact('one', 's3://b/1'), artifact('two', 'file:///2')] },
    },
    localUri: ({ uri }) => `/local/${uri.at(-1)}`,
    folder: '/attempt',
  });
}

test('an optional input without value and default has no key, another one its default (X1, X3)', () => {
  expect({ ...build({}).inputs.parameterValues }).toEqual({ b: 7 });
});

test('a null is passed as null, it is not absent (X1)', () => {
  expect({ ...build({ a: null, b: 1 }).inputs.parameterValues }).toEqual({ a: null, b: 1 });
});

test('a list of artifacts keeps its order, metadata and types, with local paths', () => {
  const { artifacts } = build({}).inputs.artifacts.parts!;

  expect(artifacts.map(({ name, uri }) => [name, uri])).toEqual([
    ['one', '/local/1'],
    ['two', '/local/2'],
  ]);
  expect(artifacts[0]).toMatchObject({
    type: { schemaTitle: 'system.Dataset' },
    metadata: { rows: 3 },
  });
});

test('outputs lie below the folder of the attempt, in safe names (X2)', () => {
  const { outputs } = build({});

  expect(outputs.artifacts.model!.artifacts[0]!.uri).toBe('/attempt/outputs/model');
  expect(outputs.parameters['Weird Name']!.outputFile).toMatch(
    /^\/attempt\/parameters\/Weird-Name-[0-9a-f]{16}$/,
  );
  expect(outputs.outputFile).toBe('/attempt/executor_output.json');
});

test('empty maps are left out of the JSON, as protojson does', () => {
  const input = buildExecutorInput({
    component: {},
    inputs: { parameters: {}, artifacts: {} },
    localUri: ({ uri }) => uri,
    folder: '/f',
  });

  expect(executorInputJson(input)).toEqual({
    inputs: {},
    outputs: { outputFile: '/f/executor_output.json' },
  });
});
