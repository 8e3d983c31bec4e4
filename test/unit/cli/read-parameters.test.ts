import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readParameters } from '../../../src/cli/read-parameters.js';
import type { PipelineSpecJson } from '../../../src/ir/index.js';

const SPEC: PipelineSpecJson = {
  root: {
    inputDefinitions: {
      parameters: {
        data_path: { parameterType: 'STRING' },
        n_estimators: { parameterType: 'NUMBER_INTEGER' },
        rate: { parameterType: 'NUMBER_DOUBLE' },
        strict: { parameterType: 'BOOLEAN' },
        tags: { parameterType: 'LIST' },
      },
    },
  },
};

describe('reading the parameters of a run', () => {
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(path.join(os.tmpdir(), 'anneal-parameters-'));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  const read = (flags: readonly string[], file?: string) => {
    const overrides: unknown[][] = [];
    const onOverride = (...override: unknown[]): number => overrides.push(override);
    return readParameters(SPEC, { flags, file, cwd }, onOverride).then((values) => ({
      values,
      overrides,
    }));
  };

  it('gives each text the type that the pipeline declares', async () => {
    const { values } = await read([
      'data_path=007',
      'n_estimators=100',
      'rate=1e-2',
      'strict=true',
      'tags=["a", 1]',
    ]);

    expect(values).toEqual({
      data_path: '007',
      n_estimators: 100,
      rate: 0.01,
      strict: true,
      tags: ['a', 1],
    });
  });

  it('keeps everything after the first "=" byte for byte', async () => {
    const { values } = await read(['data_path=--a=b;$(touch x)\r\n"\u00e9']);

    expect(values).toEqual({ data_path: '--a=b;$(touch x)\r\n"\u00e9' });
  });

  it.each(['n_estimators=abc', 'n_estimators=1.5', 'n_estimators=true', 'n_estimators='])(
    'refuses %s',
    async (flag) => {
      await expect(read([flag])).rejects.toMatchObject({ code: 'E_PARAM', exitCode: 3 });
    },
  );

  it.each(['rate=NaN', 'rate=Infinity', 'rate=1e400', 'n_estimators=9007199254740993'])(
    'refuses %s, which JSON could not carry',
    async (flag) => {
      await expect(read([flag])).rejects.toMatchObject({ code: 'E_PARAM' });
    },
  );

  it('suggests the nearest name', async () => {
    await expect(read(['n_estimator=1'])).rejects.toMatchObject({
      code: 'E_PARAM',
      hint: expect.stringContaining('n_estimators') as string,
    });
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'treats %s as an unknown name',
    async (name) => {
      await expect(read([`${name}=1`])).rejects.toMatchObject({ code: 'E_PARAM' });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  it('refuses a parameter given twice as wrong usage', async () => {
    await expect(read(['rate=1', 'rate=2'])).rejects.toMatchObject({
      code: 'E_USAGE',
      exitCode: 2,
    });
  });

  it.each(['rate', '=1', ''])('refuses %j, which has no name or value', async (flag) => {
    await expect(read([flag])).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it('lets a flag win over the file and tells so (Q1)', async () => {
    await writeFile(path.join(cwd, 'p.yaml'), 'rate: 0.5\nn_estimators: 10\n');

    const { values, overrides } = await read(['rate=0.25'], 'p.yaml');

    expect(values).toEqual({ rate: 0.25, n_estimators: 10 });
    expect(overrides).toEqual([['rate', 0.25, 0.5]]);
  });

  it('reads JSON files too', async () => {
    await writeFile(path.join(cwd, 'p.json'), '{"tags": ["x"], "strict": false}');

    expect((await read([], 'p.json')).values).toEqual({ tags: ['x'], strict: false });
  });

  it.each([
    ['names twice', 'rate: 1\nrate: 2\n'],
    ['no mapping', '- 1\n- 2\n'],
    ['broken YAML', 'rate: [1\n'],
    ['anchors', 'a: &a [1]\nb: *a\n'],
  ])('refuses a file with %s', async (_, text) => {
    await writeFile(path.join(cwd, 'p.yaml'), text);

    await expect(read([], 'p.yaml')).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it('names a file that is not there', async () => {
    await expect(read([], 'gone.yaml')).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining('gone.yaml') as string,
    });
  });
});
