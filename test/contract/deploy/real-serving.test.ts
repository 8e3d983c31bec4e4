// The local deployer with the real serving program and real models.

import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentRequest } from '../../../src/deploy/index.js';
import { digestContent } from '../../../src/storage/local/index.js';
import {
  openLocalFixture,
  patient,
  type LocalFixture,
} from '../../unit/deploy/local/local-fixture.js';

const ROOT = join(import.meta.dirname, '../../..');
const TASKS = join(ROOT, 'python-tasks');
const CHURN = join(ROOT, 'examples/churn/mlc_churn.csv');
const PYTHON = process.env['ANNEAL_DEV_PYTHON'];

interface Expected {
  readonly modelDigest: string;
  readonly label: string;
  readonly probability: number;
}
type Trained = Readonly<Record<'small' | 'large', Expected>> & {
  readonly row: Readonly<Record<string, string>>;
};

if (PYTHON === undefined) {
  console.warn('SKIPPED: serving real models, because ANNEAL_DEV_PYTHON is not set.');
}

describe.skipIf(PYTHON === undefined)('real models behind a local endpoint', () => {
  let folder: string;
  let trained: Trained;
  let fixture: LocalFixture | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anneal-real-'));
    const script = join(import.meta.dirname, 'train_churn.py');
    const output = execFileSync(PYTHON!, [script, CHURN, folder], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: TASKS, _KFP_RUNTIME: 'true' },
    });
    trained = JSON.parse(output) as Trained;
    fixture = await openLocalFixture({
      python: PYTHON,
      pythonTasksFolder: TASKS,
      limits: { startTimeoutMs: 60_000, drainTimeoutMs: 10_000, stopGraceMs: 5_000 },
    });
  });
  afterAll(async () => {
    await fixture?.close();
    await rm(folder, { recursive: true });
  });

  const request = (name: 'small' | 'large', changes?: Partial<DeploymentRequest>) => ({
    deploymentId: `deploy-${name}`,
    endpointName: 'churn',
    modelUri: `runs/${name}/train/1/model`,
    modelMetadata: {},
    runId: name,
    modelPath: join(folder, name),
    modelDigest: trained[name].modelDigest,
    ...changes,
  });
  const predictCsv = async (url: string): Promise<{ status: number; prediction: unknown }> => {
    const response = await fetch(`${url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: Object.values(trained.row).join(','),
    });
    const { predictions } = (await response.json()) as { predictions?: unknown[] };
    return { status: response.status, prediction: predictions?.[0] };
  };
  const answerOf = ({ label, probability }: Expected) => ({
    label,
    probability: expect.closeTo(probability, 12) as number,
  });

  it('have one digest here and in Python', async () => {
    const digested = await digestContent(join(folder, 'small'));

    expect(digested?.content.digest).toBe(trained.small.modelDigest);
  });

  it('answer a raw CSV row as scikit-learn does', async () => {
    const view = await fixture!.deployer.deploy(request('small'), patient());

    expect(view.status).toBe('promoted');
    expect((await predictCsv(view.url!)).prediction).toEqual(answerOf(trained.small));
  });

  it('are swapped under load without a failed request', async () => {
    const { url } = await fixture!.deployer.deploy(request('small'), patient());
    const answers: { status: number; prediction: unknown }[] = [];
    let isLoaded = true;
    const load = Array.from({ length: 3 }, async () => {
      while (isLoaded) answers.push(await predictCsv(url!));
    });

    const view = await fixture!.deployer.deploy(request('large'), patient());
    isLoaded = false;
    await Promise.all(load);

    expect(view).toMatchObject({ status: 'promoted', url });
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await predictCsv(url!)).prediction).toEqual(answerOf(trained.large));
  });

  it('stay in service when the next model is damaged, with the reason', async () => {
    const { url } = await fixture!.deployer.deploy(request('large'), patient());
    const damaged = join(folder, 'damaged');
    await cp(join(folder, 'small'), damaged, { recursive: true });
    await appendFile(join(damaged, 'model.skops'), 'x');

    const view = await fixture!.deployer.deploy(
      request('small', { modelPath: damaged, deploymentId: 'damaged' }),
      patient(),
    );

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toContain('E_DIGEST');
    expect((await predictCsv(url!)).prediction).toEqual(answerOf(trained.large));
  });
});
