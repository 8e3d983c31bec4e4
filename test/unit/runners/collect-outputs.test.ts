import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ComponentSpecJson, ParameterTypeJson } from '../../../src/ir/index.js';
import { buildExecutorInput, collectOutputs } from '../../../src/runners/task-contract/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'anneal-collect-'));
  await mkdir(path.join(folder, 'outputs'));
  await mkdir(path.join(folder, 'parameters'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const parameter = (parameterType: ParameterTypeJson): ComponentSpecJson => ({
  outputDefinitions: { parameters: { p: { parameterType } } },
});
const artifactOf = (isArtifactList = false): ComponentSpecJson => ({
  outputDefinitions: {
    artifacts: {
      model: {
        artifactType: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' },
        isArtifactList,
      },
    },
  },
});

async function collect(component: ComponentSpecJson, executorOutput?: string) {
  if (executorOutput !== undefined) {
    await writeFile(path.join(folder, 'executor_output.json'), executorOutput);
  }
  const inputs = {
    parameters: {},
    artifacts: {
      given: [
        {
          name: 'given',
          type: 'system.Model',
          schemaVersion: '0.0.1',
          uri: '/in/given',
          metadata: {},
        },
      ],
    },
  };
  const input = buildExecutorInput({ component, inputs, localUri: ({ uri }) => uri, folder });
  return collectOutputs(component, input, {
    files: { folder, seenFolder: folder, inputs: [] },
  });
}

describe('a parameter file becomes a value of its type', () => {
  const rows: [ParameterTypeJson, string, unknown][] = [
    ['STRING', ' kept\n', ' kept\n'],
    ['STRING', '', ''],
    ['NUMBER_INTEGER', ' 42\n', 42],
    ['NUMBER_INTEGER', '-7', -7],
    ['NUMBER_DOUBLE', '0.5\n', 0.5],
    ['NUMBER_DOUBLE', '1e-3', 0.001],
    ['NUMBER_DOUBLE', '3', 3],
    ['BOOLEAN', 'True\n', true],
    ['BOOLEAN', 'f', false],
    ['BOOLEAN', '1', true],
    ['LIST', '[1, "a", null]', [1, 'a', null]],
    ['STRUCT', '{"a": {"b": 1.5}}', { a: { b: 1.5 } }],
  ];
  test.each(rows)('%s from %j', async (type, text, expected) => {
    await writeFile(path.join(folder, 'parameters', 'p'), text);

    expect((await collect(parameter(type))).parameters).toEqual({ p: expected });
  });
});

describe('a parameter file of another type is refused', () => {
  const rows: [ParameterTypeJson, string][] = [
    ['NUMBER_INTEGER', '5.0'],
    ['NUMBER_INTEGER', ''],
    ['NUMBER_INTEGER', '9007199254740993'],
    ['NUMBER_DOUBLE', 'NaN'],
    ['NUMBER_DOUBLE', 'inf'],
    ['NUMBER_DOUBLE', '1e999'],
    ['BOOLEAN', 'yes'],
    ['LIST', '{}'],
    ['LIST', 'not json'],
    ['STRUCT', '[]'],
  ];
  test.each(rows)('%s from %j', async (type, text) => {
    await writeFile(path.join(folder, 'parameters', 'p'), text);

    await expect(collect(parameter(type))).rejects.toMatchObject({
      code: 'E_TASK_OUTPUT',
      message: expect.stringContaining('"p"') as string,
    });
  });
});

describe('a value that the executor reports is checked against its type', () => {
  const accepted: [ParameterTypeJson, string, unknown][] = [
    ['NUMBER_INTEGER', '5.0', 5],
    ['NUMBER_INTEGER', 'true', 1],
    ['NUMBER_DOUBLE', '5', 5],
    ['BOOLEAN', 'false', false],
    ['STRING', '"5"', '5'],
    ['LIST', '[NaN]', ['NaN']],
  ];
  test.each(accepted)('%s accepts %s', async (type, json, expected) => {
    const { parameters } = await collect(parameter(type), `{"parameterValues": {"p": ${json}}}`);

    expect(parameters).toEqual({ p: expected });
  });

  test.each<[ParameterTypeJson, string]>([
    ['NUMBER_INTEGER', '5.5'],
    ['NUMBER_DOUBLE', 'NaN'],
    ['NUMBER_DOUBLE', '-Infinity'],
    ['NUMBER_DOUBLE', '"5"'],
    ['BOOLEAN', '1'],
    ['STRING', '5'],
    ['STRUCT', 'null'],
  ])('%s refuses %s', async (type, json) => {
    await expect(
      collect(parameter(type), `{"parameterValues": {"p": ${json}}}`),
    ).rejects.toMatchObject({
      code: 'E_TASK_OUTPUT',
    });
  });
});

test('what the executor reports wins over the file (O1)', async () => {
  await writeFile(path.join(folder, 'parameters', 'p'), 'file');

  const { parameters } = await collect(
    parameter('STRING'),
    '{"parameterValues": {"p": "reported"}}',
  );

  expect(parameters).toEqual({ p: 'reported' });
});

test('a declared parameter that was not written is an error naming it (O2)', async () => {
  await expect(collect(parameter('STRING'))).rejects.toMatchObject({
    code: 'E_TASK_OUTPUT',
    message: expect.stringContaining('"p"') as string,
  });
});

test.each(['{"parameterValues":', '[]', '"x"', ''])(
  'an executor output of %j is an error, not a crash',
  async (text) => {
    await expect(collect(parameter('STRING'), text)).rejects.toMatchObject({
      code: 'E_TASK_OUTPUT',
    });
  },
);

test('a parameter over 1 MiB is refused, whether reported or in its file (O3)', async () => {
  const large = 'x'.repeat(1024 * 1024 + 1);
  await writeFile(path.join(folder, 'parameters', 'p'), large);
  await expect(collect(parameter('STRING'))).rejects.toMatchObject({ code: 'E_VALUE_SIZE' });

  const reported = JSON.stringify({ parameterValues: { p: large } });
  await expect(collect(parameter('STRING'), reported)).rejects.toMatchObject({
    code: 'E_VALUE_SIZE',
  });
});

test('metadata the task logged is merged, and NaN in it is the text "NaN"', async () => {
  await writeFile(path.join(folder, 'outputs', 'model'), 'bytes');

  const { artifacts } = await collect(
    artifactOf(),
    '{"artifacts": {"model": {"artifacts": [{"name": "", "uri": "", "metadata": {"accuracy": NaN, "note": "NaN, \\"Infinity\\""}}]}}}',
  );

  expect(artifacts.model).toEqual([
    {
      name: 'model',
      type: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' },
      metadata: { accuracy: 'NaN', note: 'NaN, "Infinity"' },
      content: { kind: 'published', relativePath: 'outputs/model' },
    },
  ]);
});

test('an artifact without a file gets an empty one (A3)', async () => {
  const { artifacts } = await collect(artifactOf());

  expect(artifacts.model![0]!.content).toEqual({
    kind: 'published',
    relativePath: 'outputs/model',
  });
  expect(await readFile(path.join(folder, 'outputs', 'model'), 'utf8')).toBe('');
});

const reportedAt = (uri: string) =>
  JSON.stringify({ artifacts: { model: { artifacts: [{ uri, metadata: {} }] } } });

test('an address of a foreign scheme is kept as it is (A2)', async () => {
  const { artifacts } = await collect(artifactOf(), reportedAt('s3://bucket/model'));

  expect(artifacts.model![0]!.content).toEqual({ kind: 'external', uri: 's3://bucket/model' });
});

test('a path that the task moved within its folder is published from there (A1)', async () => {
  await writeFile(path.join(folder, 'outputs', 'model.joblib'), 'bytes');

  const { artifacts } = await collect(
    artifactOf(),
    reportedAt(path.join(folder, 'outputs', 'model.joblib')),
  );

  expect(artifacts.model![0]!.content).toEqual({
    kind: 'published',
    relativePath: 'outputs/model.joblib',
  });
});

test('a file outside the folder is copied in (A4)', async () => {
  const outside = await mkdtemp(path.join(tmpdir(), 'anneal-outside-'));
  await writeFile(path.join(outside, 'm'), 'elsewhere');

  const { artifacts } = await collect(artifactOf(), reportedAt(path.join(outside, 'm')));
  await rm(outside, { recursive: true });

  expect(artifacts.model![0]!.content).toEqual({
    kind: 'published',
    relativePath: 'outputs/model',
  });
  expect(await readFile(path.join(folder, 'outputs', 'model'), 'utf8')).toBe('elsewhere');
});

test('an input that is returned as an output stays the same artifact (A4)', async () => {
  const { artifacts } = await collect(artifactOf(), reportedAt('/in/given'));

  expect(artifacts.model![0]!.content).toEqual({ kind: 'input', uri: '/in/given' });
});

test('a path to nothing is an error naming the output', async () => {
  await expect(collect(artifactOf(), reportedAt('/nowhere/at/all'))).rejects.toMatchObject({
    code: 'E_TASK_OUTPUT',
    message: expect.stringContaining('"model"') as string,
  });
});

test('a list output keeps every artifact the executor reports, in order', async () => {
  await writeFile(path.join(folder, 'outputs', 'a'), '1');
  const uris = [path.join(folder, 'outputs', 'a'), 'gs://b/c'];

  const { artifacts } = await collect(
    artifactOf(true),
    JSON.stringify({ artifacts: { model: { artifacts: uris.map((uri) => ({ uri })) } } }),
  );

  expect(artifacts.model!.map(({ content }) => content.kind)).toEqual(['published', 'external']);
});
