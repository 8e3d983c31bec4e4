// Certificates of real runs, and what running them again says of them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeLock, type RunLock } from '../../src/lineage/index.js';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import { waitUntil } from '../support/wait-until.js';

const file = (name: string): string =>
  fileURLToPath(new URL(`../support/pipelines/${name}.yaml`, import.meta.url));

interface Reproduced {
  readonly identical: boolean;
  readonly compared: { readonly tasks: number; readonly outputs: number };
  readonly differences: readonly {
    task: string;
    output: string;
    isOrigin: boolean;
    bytes?: { offset?: number };
  }[];
  readonly causes: readonly { kind: string; name: string }[];
}

describe.skipIf(TEST_PYTHON === undefined)('anneal reproduce', { timeout: 240_000 }, () => {
  const home = new AnnealHome();
  beforeAll(async () => {
    await home.serve();
  });
  afterAll(() => home.close());

  test('the churn pipeline makes data, model and metrics again, bit by bit, and deploys nothing', async () => {
    await home.run(
      ...['ml-training-pipeline', '-p', 'data_path=examples/churn/mlc_churn.csv'],
      ...['-p', 'n_estimators=10', '-p', 'endpoint_name=reproduced', '--run-id', 'churn'],
    );

    const { exitCode, result } = await reproduce('churn');

    const lock = await lockOf('churn');
    expect(result).toMatchObject({ identical: true, differences: [], causes: [] });
    expect(exitCode).toBe(0);
    expect(result.compared.tasks).toBe(4);
    expect(lock.imports[0]?.digest).toMatch(/^sha256:/);
    expect(lock.parameters).toMatchObject({ n_estimators: 10, test_split: 0.2 });
    const train = lock.tasks.find(({ task }) => task === 'train')!;
    const { packages } = lock.environments[train.environmentDigest!]!;
    const installed = packages.find(({ name }) => name === 'scikit-learn')!;
    expect(installed.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(installed.version).toBe(await versionOf('scikit-learn'));
    const endpoints = await home.call('endpoints', 'list', '--json');
    expect(JSON.parse(endpoints.stdout)).toMatchObject({
      endpoints: [{ name: 'reproduced', runId: 'churn' }],
    });
  });

  test('a task that is not deterministic is named, apart from what follows from it', async () => {
    await home.run(file('random'), '--run-id', 'random');

    const { exitCode, result } = await reproduce('random');
    const { stdout } = await home.call('reproduce', 'random');

    expect(exitCode).toBe(1);
    expect(
      result.differences.map(({ task, output, isOrigin }) => [task, output, isOrigin]),
    ).toEqual([
      ['clean', 'cleaned', false],
      ['dice', 'rolled', true],
    ]);
    expect(result.differences[1]?.bytes?.offset).toBeGreaterThanOrEqual(0);
    expect(result.causes).toEqual([]);
    expect(stdout).toContain('dice: output rolled: differs from byte');
    expect(stdout).toContain('not deterministic');
  });

  test('a certificate can be kept as a file; one that was edited is refused', async () => {
    const kept = join(home.project, 'run.lock.json');
    await home.run(file('five-stages'), '--run-id', 'kept');
    await home.call('lock', 'kept', '--output', kept);

    const { exitCode, result } = await reproduce(kept);
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('"depth": 3', '"depth": 4'));
    const edited = await home.call('reproduce', kept, '--json');

    expect([exitCode, result.identical]).toEqual([0, true]);
    expect(JSON.parse(edited.stdout)).toMatchObject({ error: { code: 'E_RECORD' } });
  });

  async function reproduce(wanted: string): Promise<{ exitCode: number; result: Reproduced }> {
    const { exitCode, stdout, stderr } = await home.call('reproduce', wanted, '--json');
    if (stdout === '') throw new Error(stderr);
    return { exitCode, result: JSON.parse(stdout) as Reproduced };
  }

  async function lockOf(runId: string): Promise<RunLock> {
    const stored = join(home.folder, 'store', 'runs', runId, 'lock.json');
    return decodeLock(stored, await waitUntil('the certificate is there', () => read(stored)));
  }
});

async function versionOf(name: string): Promise<string> {
  const program = `from importlib.metadata import version; print(version("${name}"))`;
  return (await execa(TEST_PYTHON!, ['-c', program])).stdout.trim();
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
