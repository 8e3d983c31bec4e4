// What the gate of an endpoint lets through, with pipelines whose own condition lets everything through.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DecisionView } from '../../src/contract/index.js';
import {
  Dataset,
  importer,
  integer,
  parallelFor,
  pipeline,
  string,
  when,
} from '../../src/dsl/index.js';
import { writePipeline } from '../../src/ir/yaml/index.js';
import {
  deployModel,
  evaluate,
  preprocess,
  train,
} from '../../src/pipelines/components.generated.js';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import type { RunJson, TaskJson } from '../support/anneal-cli.js';
import { Random } from '../unit/interpreter/support/random.js';

const SEEDS = [1, 2, 3, 4, 5, 6];
const ROWS = 240;
const CHURN = 'data_path=examples/churn/mlc_churn.csv';

type Flow = Parameters<typeof preprocess>[0]['raw_data'];
type Trees = Parameters<typeof train>[0]['n_estimators'];

/** Trains and deploys whatever reaches 0.4: only the policy of the endpoint stands in the way. */
function lenient(raw: Flow, trees: Trees, depth: Trees, endpoint: string): void {
  const split = preprocess({ raw_data: raw });
  const trained = train({
    train_data: split.outputs.train_data,
    ...{ n_estimators: trees, max_depth: depth, cv_folds: 0 },
  });
  const judged = evaluate({
    model: trained.outputs.model,
    test_data: split.outputs.test_data,
    threshold: 0.4,
    must_beat_majority: false,
  });
  when(judged.outputs.passed, () => {
    deployModel(
      {
        model: trained.outputs.model,
        evaluation: judged.outputs.metrics,
        endpoint_name: endpoint,
      },
      { caching: false },
    );
  });
}

const one = pipeline(
  {
    name: 'lenient',
    inputs: {
      data_path: string(),
      trees: integer({ default: 20 }),
      depth: integer({ default: 10 }),
    },
  },
  ({ data_path, trees, depth }) => {
    const raw = importer({ uri: data_path, type: Dataset });
    lenient(raw.outputs.artifact, trees, depth, 'lenient');
  },
);

const coins = (files: readonly string[]) =>
  pipeline({ name: 'coins', inputs: {} }, () => {
    parallelFor({ items: files, item: string(), parallelism: 2 }, (file) => {
      const raw = importer({ uri: file, type: Dataset });
      lenient(raw.outputs.artifact, 10, 10, 'coins');
    });
  });

/** Features, and labels that have nothing to do with them. */
function coinFlips(file: string, seed: number): string {
  const random = new Random(seed);
  const rows = Array.from({ length: ROWS }, () => {
    const features = [random.fraction(), random.fraction(), random.pick(['u', 'v', 'w'])];
    return [...features, random.chance(0.5) ? 'yes' : 'no'].join(',');
  });
  writeFileSync(file, ['a,b,kind,churn', ...rows, ''].join('\n'));
  return file;
}

type JudgedTask = TaskJson & { readonly decision?: DecisionView };

function deployTasks(run: RunJson): JudgedTask[] {
  return run.tasks.filter(({ name }) => name.endsWith('deploy-model'));
}

function rules(run: RunJson): Record<string, boolean> {
  const decision = deployTasks(run)[0]?.decision;
  return Object.fromEntries((decision?.rules ?? []).map(({ rule, passed }) => [rule, passed]));
}

describe.skipIf(TEST_PYTHON === undefined)('the gate of an endpoint', () => {
  const home = new AnnealHome({ ANNEAL_IMPORT_ROOTS: '/tmp' });
  const file = join(home.project, 'lenient.yaml');
  let first: RunJson;

  beforeAll(async () => {
    writeFileSync(file, writePipeline(one.compile()));
    await home.serve();
    first = await home.run(file, '--param', CHURN);
  });
  afterAll(() => home.close());

  test('lets a good model through, and keeps the decision with its numbers', () => {
    expect(first.deployment, JSON.stringify(first.error)).toMatchObject({ status: 'promoted' });
    expect(rules(first)).toEqual({ evaluation: true, leak: true, majority: true, champion: true });
    const decision = deployTasks(first)[0]!.decision!;
    const record = readFileSync(join(home.folder, 'store', decision.recordKey), 'utf8');
    expect(JSON.parse(record)).toMatchObject({
      verdict: 'accepted',
      modelDigest: decision.modelDigest,
      facts: { evidence: { leak: { overlap_rows: 0, held_out_rows: 1000 } } },
    });
  });

  test('lets the same model through again, and changes nothing', async () => {
    const again = await home.run(file, '--param', CHURN);

    expect(again.deployment?.status).toBe('promoted');
    expect(deployTasks(again)[0]!.decision!.rules.at(-1)!.words).toContain('this very model');
  });

  test('a champion is not replaced by a worse challenger, and goes on serving', async () => {
    const before = await home.call('endpoints', 'list', '--json');

    const worse = await home.run(
      file,
      '--param',
      CHURN,
      '--param',
      'trees=1',
      '--param',
      'depth=3',
    );

    expect(worse).toMatchObject({ status: 'succeeded', deployment: { status: 'refused' } });
    expect(rules(worse)).toMatchObject({ evaluation: true, leak: true, champion: false });
    expect(worse.deployment?.reason).toContain('the champion');
    expect(deployTasks(worse)[0]!.status).toBe('skipped');
    expect((await home.call('endpoints', 'list', '--json')).stdout).toBe(before.stdout);
  });

  test('labels by coin flip never deploy, though their pipeline lets them', async () => {
    const files = SEEDS.map((seed) => coinFlips(join(home.project, `coins-${seed}.csv`), seed));
    const path = join(home.project, 'coins.yaml');
    writeFileSync(path, writePipeline(coins(files).compile()));

    const run = await home.run(path);

    const judged = deployTasks(run).filter(({ decision }) => decision !== undefined);
    expect(run.status, JSON.stringify(run.error)).toBe('succeeded');
    expect(judged.length).toBeGreaterThan(SEEDS.length / 2);
    expect(judged.map(({ decision }) => decision!.verdict)).toEqual(judged.map(() => 'refused'));
    const folders = readdirSync(join(home.folder, 'store/models/coins/decisions'));
    expect(folders).toEqual([run.runId]);
    const { stdout } = await home.call('endpoints', 'list', '--json');
    expect(stdout).not.toContain('"coins"');
  });
});
