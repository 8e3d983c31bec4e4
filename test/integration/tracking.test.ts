// Runs and models in a real MLflow: what a run of the churn pipeline leaves there, and that it is there once; and
// versions of its model that go live, and back, outside a run.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hook } from '../../src/config/index.js';
import type { RunEvent } from '../../src/contract/index.js';
import { deliverEvent } from '../../src/events/index.js';
import { keys, readRunRecord } from '../../src/lineage/index.js';
import {
  registerCandidate,
  type ModelVersionView,
  type ModelView,
} from '../../src/models/index.js';
import { openLocalStore, type ArtifactStore } from '../../src/storage/index.js';
import { waitUntil } from '../support/wait-until.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../support/anneal-cli.js';
import { startMlflow, TEST_UV, type MlflowServer } from '../support/mlflow-server.js';

const PIPELINE = 'ml-training-pipeline';
const RUN = 'tracked-1';

interface Tracked {
  readonly info: { readonly run_id: string; readonly status: string };
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly datasets: readonly { readonly name: string; readonly digest: string }[];
}

interface Pair<Value = string> {
  readonly key: string;
  readonly value: Value;
}

/** A run as MLflow answers it. */
interface MlflowRun {
  readonly info: Tracked['info'];
  readonly data: {
    readonly params?: readonly Pair[];
    readonly metrics?: readonly Pair<number>[];
    readonly tags?: readonly Pair[];
  };
  readonly inputs: { readonly dataset_inputs?: readonly { dataset: Tracked['datasets'][0] }[] };
}

describe.skipIf(TEST_PYTHON === undefined || TEST_UV === undefined)('tracking in MLflow', () => {
  let mlflow: MlflowServer;
  let home: AnnealHome;
  let run: RunJson;
  let tracked: Tracked;
  let store: ArtifactStore;

  beforeAll(async () => {
    mlflow = await startMlflow();
    home = new AnnealHome({
      ANNEAL_MLFLOW_TRACKING_URI: mlflow.url,
      ANNEAL_MLFLOW_TOKEN: 'env:MLFLOW_TEST_TOKEN',
      MLFLOW_TEST_TOKEN: 'a token',
    });
    await home.serve();
    run = await train(RUN, 20);
    store = await openLocalStore(path.join(home.folder, 'store'));
    tracked = (await trackedRuns(RUN))[0]!;
  }, 600_000);
  afterAll(async () => {
    await home?.close();
    mlflow?.close();
  }, 120_000);

  const train = async (runId: string, trees: number): Promise<RunJson> => {
    const ended = await home.run(
      PIPELINE,
      ...['--run-id', runId, '--param', 'data_path=examples/churn/mlc_churn.csv'],
      ...['--param', `n_estimators=${trees}`, '--param', 'endpoint_name=tracked'],
    );
    expect(ended).toMatchObject({ status: 'succeeded', deployment: { status: 'promoted' } });
    return ended;
  };

  async function trackedRuns(runId: string): Promise<Tracked[]> {
    const { experiments } = await mlflow.post<{ experiments: { experiment_id: string }[] }>(
      'experiments/search',
      { max_results: 100 },
    );
    const { runs = [] } = await mlflow.post<{ runs?: MlflowRun[] }>('runs/search', {
      experiment_ids: experiments.map((each) => each.experiment_id),
      filter: `tags.\`anneal.run_id\` = '${runId}'`,
      max_results: 10,
    });
    return runs.map(readTracked);
  }

  const hook = (trackingUri = mlflow.url): Hook => ({ on: ['run.*'], mlflow: { trackingUri } });
  const deliver = (event: RunEvent, to = hook()): Promise<void> =>
    deliverEvent(event, to, { store, signal: new AbortController().signal, folder: home.project });

  test('a run has its parameters, its metrics at each stage, and its end', () => {
    expect(run).toMatchObject({ status: 'succeeded', deployment: { status: 'promoted' } });
    expect(tracked.info.status).toBe('FINISHED');
    expect(tracked.params).toMatchObject({ n_estimators: '20', endpoint_name: 'tracked' });
    const { artifacts } = run.tasks.find(({ name }) => name === 'evaluate')!.outputs!;
    const { metadata } = artifacts['metrics']![0]!;
    expect(tracked.metrics['evaluate.test_accuracy']).toBe(metadata['test_accuracy']);
    const stages = new Set(Object.keys(tracked.metrics).map((key) => key.split('.')[0]));
    expect([...stages]).toEqual(expect.arrayContaining(['preprocess', 'train', 'evaluate']));
    expect(tracked.tags).toMatchObject({
      'anneal.pipeline': PIPELINE,
      'anneal.deployment': 'promoted',
      'anneal.endpoint': 'tracked',
      'mlflow.runName': RUN,
    });
  });

  test('a run has its data sets by digest', () => {
    const made = run.tasks.flatMap((task) => Object.values(task.outputs?.artifacts ?? {}).flat());
    const digests = made
      .filter(({ type }) => type === 'system.Dataset')
      .map(({ digest }) => digest!.replace('sha256:', '').slice(0, 36));

    expect(digests.length).toBeGreaterThan(2);
    expect([...new Set(tracked.datasets.map(({ digest }) => digest))].sort()).toEqual(
      [...new Set(digests)].sort(),
    );
  });

  test('a run has its model, byte for byte', async () => {
    const model = run.tasks.find(({ name }) => name === 'train')!.outputs!.artifacts['model']![0]!;
    const { files } = await mlflow.get<{ files: { path: string; is_dir: boolean }[] }>(
      `artifacts/list?run_id=${tracked.info.run_id}&path=train/model`,
    );
    const names = files.filter((each) => !each.is_dir).map((each) => each.path);

    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const bytes = await mlflow.download(tracked.info.run_id, name);
      const local = path.join(fileURLToPath(model.uri), path.relative('train/model', name));
      expect(sha256(bytes)).toBe(sha256(readFileSync(local)));
    }
  });

  test('a delivery that is made again changes nothing (T1)', async () => {
    const event = await endOf(RUN);
    await deliver(event);
    // A worker that died before it could keep that it had delivered:
    for await (const { key } of store.list(`${keys.runFolder(RUN)}/_events/run.succeeded`)) {
      await store.remove(key);
    }

    await deliver(event);

    expect(await trackedRuns(RUN)).toEqual([tracked]);
  });

  test('start and end that are delivered at once make one run (R1)', async () => {
    const ended = await endOf(RUN);
    const ids = Array.from({ length: 5 }, (_, index) => `race-${index}`);
    const events = ids.flatMap((runId) => {
      const of = { ...ended, run: { ...ended.run, runId } };
      return [{ ...of, type: 'run.started' as const }, of];
    });

    const outcomes = await Promise.allSettled(events.map((event) => deliver(event)));
    // What lost the race is tried again by Temporal, as here.
    await Promise.all(
      events.filter((_, at) => outcomes[at]!.status === 'rejected').map((event) => deliver(event)),
    );

    for (const id of ids) {
      const runs = await trackedRuns(id);
      expect(runs.map(({ info }) => info.status)).toEqual(['FINISHED']);
    }
  });

  test('a run that was published from a commit has it where MLflow looks for it', async () => {
    const ended = await endOf(RUN);
    const source = { commit: 'c'.repeat(40), dirty: false, path: 'train.yaml' };
    const run = { ...ended.run, runId: 'from-a-commit', source };

    await deliver({ ...ended, type: 'run.started', run });

    const [found] = await trackedRuns(run.runId);
    expect(found?.tags).toMatchObject({
      'mlflow.source.git.commit': source.commit,
      'mlflow.source.name': 'train.yaml',
    });
  });

  test('a server that keeps no artifacts is told all else, and why there is no model', async () => {
    const name = 'elsewhere';
    await mlflow.post('experiments/create', {
      name,
      artifact_location: path.join(home.project, 'elsewhere'),
    });
    const warnings: string[] = [];
    const elsewhere: Hook = {
      on: ['run.*'],
      mlflow: { trackingUri: mlflow.url, experiment: name },
    };
    const signal = new AbortController().signal;
    const warn = (sentence: string): void => void warnings.push(sentence);

    await deliverEvent(await endOf(RUN), elsewhere, { store, signal, warn, folder: home.project });

    expect(warnings).toEqual([expect.stringContaining('--serve-artifacts')]);
    const found = (await trackedRuns(RUN)).find(({ tags }) => tags['anneal.warning'] !== undefined);
    expect(found?.metrics).toEqual(tracked.metrics);
  });

  test('a server that cannot be reached, or refuses, is an error worth a retry or not', async () => {
    const event = await endOf(RUN);

    await expect(deliver(event, hook('http://127.0.0.1:9'))).rejects.toMatchObject({
      code: 'E_MLFLOW',
      retryable: true,
    });
    await expect(deliver(event, hook(`${mlflow.url}/nowhere`))).rejects.toMatchObject({
      code: 'E_MLFLOW',
      retryable: false,
    });
  });

  test('anneal hooks test tries it, and leaves nothing behind', async () => {
    const { exitCode, stdout } = await home.call('hooks', 'test');

    expect(stdout).toContain(`✓ MLflow at ${mlflow.url}`);
    expect(exitCode).toBe(0);
    const { experiment } = await mlflow.get<{ experiment: { experiment_id: string } }>(
      'experiments/get-by-name?experiment_name=test',
    );
    const { runs = [] } = await mlflow.post<{ runs?: unknown[] }>('runs/search', {
      experiment_ids: [experiment.experiment_id],
    });
    expect(runs).toEqual([]);
  });

  describe('registered models', () => {
    const models = async <Answer>(...args: readonly string[]): Promise<Answer> => {
      const { exitCode, stdout, stderr } = await home.call('models', ...args, '--json');
      if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stdout}${stderr}`);
      return JSON.parse(stdout) as Answer;
    };
    const served = async (): Promise<string> => {
      const { stdout } = await home.call('endpoints', 'list', '--json');
      const { endpoints } = JSON.parse(stdout) as { endpoints: { modelDigest: string }[] };
      return endpoints[0]!.modelDigest;
    };
    const digestOf = ({ tasks }: RunJson): string =>
      tasks.find(({ name }) => name === 'train')!.outputs!.artifacts['model']![0]!.digest!;
    /** Versions in MLflow's registry by our number, and the one its alias names. */
    const inMlflow = async (): Promise<{ stages: Record<string, string>; alias: string }> => {
      const query = new URLSearchParams({ filter: "name='tracked'" }).toString();
      const { model_versions: versions } = await mlflow.get<{ model_versions: { tags: Pair[] }[] }>(
        `model-versions/search?${query}`,
      );
      const stages = versions.map(({ tags }) => {
        const tag = valuesOf(tags);
        return [tag['anneal.version'], tag['anneal.stage']] as const;
      });
      const { model_version: named } = await mlflow.get<{ model_version: { version: string } }>(
        'registered-models/alias?name=tracked&alias=champion',
      );
      return {
        stages: Object.fromEntries(stages) as Record<string, string>,
        alias: named.version,
      };
    };
    let second: RunJson;

    beforeAll(async () => {
      second = await train('tracked-2', 21);
    }, 300_000);

    test('have the numbers, the data and the code behind them, and what became of them', async () => {
      const { champion, formerChampion, versions } = await models<ModelView>('show', 'tracked');

      expect({ champion, formerChampion }).toEqual({ champion: 2, formerChampion: 1 });
      const [newest, first] = versions;
      expect(first).toMatchObject({ version: 1, stage: 'archived', verdict: 'accepted' });
      expect(newest).toMatchObject({
        version: 2,
        stage: 'champion',
        model: { digest: digestOf(second) },
        run: { runId: 'tracked-2', pipeline: PIPELINE },
      });
      expect(newest!.metrics['evaluate.test_accuracy']).toBeGreaterThan(0.85);
      const [source] = newest!.data.filter(({ kind }) => kind === 'source');
      expect(source?.digest).toMatch(/^sha256:/);
      expect(Object.keys(newest!.code)).toEqual(expect.arrayContaining(['preprocess', 'train']));
    });

    test('are in MLflow, the alias on the champion, as soon as their run is', async () => {
      const found = await waitUntil('the second run is tracked', async () => {
        const [each] = await trackedRuns('tracked-2');
        return each?.info.status === 'FINISHED' && inMlflow();
      });

      expect(found.stages).toEqual({ 1: 'archived', 2: 'champion' });
      expect(found.alias).toBe('2');
    });

    test('go back to the champion before, and forward again, outside a run', async () => {
      expect(await served()).toBe(digestOf(second));

      const back = await models('rollback', 'tracked', '--reason', 'complaints');

      expect(back).toMatchObject({ version: 1, deployment: { status: 'promoted' } });
      expect(await served()).toBe(digestOf(run));
      expect(await inMlflow()).toEqual({ stages: { 1: 'champion', 2: 'archived' }, alias: '1' });
      const refused = await home.call('models', 'rollback', 'tracked', '--json');
      expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'E_STATE' } });
      expect(refused.exitCode).toBe(3);

      await models('promote', 'tracked@2');

      expect(await served()).toBe(digestOf(second));
      const { events } = await models<ModelView>('show', 'tracked');
      expect(events.at(-2)).toMatchObject({ kind: 'rolled_back', reason: 'complaints' });
    });

    test('do not go live against the gate', async () => {
      const first = await models<ModelVersionView>('show', 'tracked@1');
      const model = { ...first.model, digest: sha256Digest('other') };
      await registerCandidate(store, {
        ...{ name: 'tracked', model, verdict: 'refused', reason: 'accuracy 0.6 is below 0.85' },
        run: { runId: 'r', pipeline: 'p', digest: sha256Digest('spec'), task: 'deploy' },
      });

      const { exitCode, stdout } = await home.call('models', 'promote', 'tracked@3', '--json');

      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        error: {
          code: 'E_DEPLOY_REFUSED',
          message: expect.stringContaining('accuracy 0.6 is below 0.85') as string,
        },
      });
      expect(await served()).toBe(digestOf(second));
    });

    test('are exported once, however often', async () => {
      const first = await models('export', 'tracked@1', '--to', 'mlflow');

      expect(await models('export', 'tracked@1', '--to', 'mlflow')).toEqual(first);
      expect(Object.keys((await inMlflow()).stages)).toEqual(['1', '2']);
    });
  });

  async function endOf(runId: string): Promise<RunEvent> {
    const view = (await readRunRecord(store, runId))!;
    const { pipeline, version, digest, status, startedAt, finishedAt, deployment } = view;
    return {
      id: `${runId}/event/run.succeeded`,
      type: 'run.succeeded',
      time: finishedAt!,
      run: { runId, pipeline, version, digest, status, startedAt, finishedAt },
      outputs: view.outputs,
      deployment,
    };
  }
});

function readTracked({ info, data, inputs }: MlflowRun): Tracked {
  const { run_id, status } = info;
  return {
    info: { run_id, status },
    params: valuesOf(data.params),
    metrics: valuesOf(data.metrics),
    tags: valuesOf(data.tags),
    datasets: (inputs.dataset_inputs ?? []).map(({ dataset }) => dataset),
  };
}

function valuesOf<Value>(pairs: readonly Pair<Value>[] = []): Record<string, Value> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

function sha256Digest(text: string): string {
  return `sha256:${sha256(Buffer.from(text))}`;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
