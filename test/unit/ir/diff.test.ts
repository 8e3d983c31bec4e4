import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  component,
  Dataset,
  double,
  integer,
  lt,
  pipeline,
  string,
  when,
} from '../../../src/dsl/index.js';
import { diffPipelines, type PipelineChange } from '../../../src/ir/diff/index.js';
import type { Pipeline } from '../../../src/ir/index.js';
import { readPipeline } from '../../../src/ir/yaml/index.js';

const load = component({
  name: 'load',
  inputs: { path: string() },
  outputs: { rows: Dataset },
  container: { image: 'registry.example.com/load:1', command: ['load'], args: ['--all'] },
});
const fit = (image: string, code: string) =>
  component({
    name: 'fit',
    inputs: { rows: Dataset, rate: double() },
    outputs: { loss: double() },
    container: { image, command: ['python3', '-c', code] },
  });
const tell = component({
  name: 'tell',
  inputs: { loss: double() },
  container: { image: 'registry.example.com/tell:1', command: ['tell'] },
});

interface Variant {
  readonly image?: string;
  readonly code?: string;
  readonly defaultRate?: number;
  readonly limit?: number;
  readonly extra?: boolean;
  readonly description?: string;
  readonly retries?: number;
}

function variant(options: Variant = {}): Pipeline {
  const { image = 'registry.example.com/fit:1', code = 'a = 1\nb = 2\nc = 3\n' } = options;
  const { defaultRate = 0.1, limit = 0.5, extra = false, description, retries = 0 } = options;
  return pipeline(
    {
      name: 'site',
      ...(description === undefined ? {} : { description }),
      inputs: {
        path: string(),
        rate: double({ default: defaultRate }),
        ...(extra ? { size: integer({ default: 1 }) } : {}),
      },
    },
    ({ path, rate }) => {
      const { rows } = load({ path }).outputs;
      const { loss } = fit(image, code)({ rows, rate }, { retry: { retries } }).outputs;
      when(lt(loss, limit), () => tell({ loss }), { name: 'good' });
      if (extra) tell({ loss }, { name: 'report' });
      return { loss };
    },
  ).compile();
}

function changes(before: Pipeline, after: Pipeline): readonly PipelineChange[] {
  return diffPipelines(before, after).changes;
}

describe('a diff of two pipelines', () => {
  test('is empty for the same one', () => {
    expect(diffPipelines(variant(), variant())).toEqual({ isEqual: true, changes: [] });
  });

  test('names of components, key order and descriptions are no difference (D1)', () => {
    const before = variant();
    const text = JSON.stringify(before.spec)
      .replaceAll('comp-fit', 'comp-train')
      .replaceAll('exec-fit', 'exec-x');
    const spec = JSON.parse(text) as Pipeline['spec'];
    const { components } = spec;
    const reversed = Object.fromEntries(Object.entries(components ?? {}).reverse());
    const executors = Object.fromEntries(
      Object.entries(before.deployment.executors).map(([label, executor]) => [
        label.replace('exec-fit', 'exec-x'),
        executor,
      ]),
    );
    const renamed: Pipeline = {
      ...before,
      spec: { ...spec, sdkVersion: 'other', components: reversed },
      deployment: { executors },
    };

    expect(changes(before, renamed)).toEqual([]);
    expect(changes(before, variant({ description: 'Trains.' }))).toEqual([]);
  });

  test('tells a changed default', () => {
    expect(changes(variant(), variant({ defaultRate: 0.2 }))).toEqual([
      {
        kind: 'changed',
        place: 'pipeline',
        what: 'parameter rate',
        before: expect.objectContaining({ defaultValue: 0.1 }) as object,
        after: expect.objectContaining({ defaultValue: 0.2 }) as object,
      },
    ]);
  });

  test('tells a changed image', () => {
    expect(changes(variant(), variant({ image: 'registry.example.com/fit:2' }))).toEqual([
      {
        kind: 'changed',
        place: 'fit',
        what: 'image',
        before: 'registry.example.com/fit:1',
        after: 'registry.example.com/fit:2',
      },
    ]);
  });

  test('shows changed code line by line', () => {
    const [change, ...rest] = changes(variant(), variant({ code: 'a = 1\nb = 5\nc = 3\n' }));

    expect(rest).toEqual([]);
    expect(change).toMatchObject({ kind: 'changed', place: 'fit', what: 'code' });
    expect(change?.patch?.split('\n')).toEqual(
      expect.arrayContaining(['-b = 2', '+b = 5', ' c = 3']),
    );
  });

  test('tells a changed condition and retry policy', () => {
    const found = changes(variant(), variant({ limit: 0.9, retries: 2 }));

    expect(found.map(({ place, what }) => [place, what])).toEqual(
      expect.arrayContaining([
        ['condition-1', 'condition'],
        ['fit', 'retries'],
      ]),
    );
  });

  test('tells tasks and parameters that came or went, each once (D2)', () => {
    const before = variant();
    const after = variant({ extra: true });

    expect(changes(before, after).map(({ kind, place, what }) => [kind, place, what])).toEqual([
      ['added', 'pipeline', 'parameter size'],
      ['added', 'report', undefined],
    ]);
    expect(changes(after, before).map(({ kind, place, what }) => [kind, place, what])).toEqual([
      ['removed', 'pipeline', 'parameter size'],
      ['removed', 'report', undefined],
    ]);
  });

  test('a group that went is told without what was in it (D2)', () => {
    const file = 'test/histories/pipelines/branches.yaml';
    const before = readPipeline(readFileSync(file, 'utf8'), file);
    const tasks = { ...before.spec.root?.dag?.tasks };
    delete tasks['condition-branches-1'];
    const after: Pipeline = {
      ...before,
      spec: { ...before.spec, root: { ...before.spec.root, dag: { tasks } } },
    };

    const removed = changes(before, after).filter(({ what }) => what === undefined);

    expect(removed).toEqual([{ kind: 'removed', place: 'condition-branches-1' }]);
  });
});
