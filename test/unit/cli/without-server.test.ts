import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalStore, type ArtifactStore } from '../../../src/storage/index.js';
import { writeRunRecord } from '../../../src/lineage/index.js';
import { GitTree } from '../../support/git-tree.js';
import { CHURN_RUN } from '../viewer/churn-run.js';
import { callCli, type CliCall } from './support/call-cli.js';

describe('commands that need no server', () => {
  let cwd: string;
  let store: ArtifactStore;
  beforeEach(async () => {
    cwd = await mkdtemp(path.join(os.tmpdir(), 'anneal-cli-'));
    store = await openLocalStore(path.join(cwd, '.anneal', 'store'));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  // A cluster that is not there: whoever asks it fails.
  const call = (...argv: string[]): Promise<CliCall> =>
    callCli(argv, {
      cwd,
      env: { ANNEAL_HOME: path.join(cwd, '.anneal'), TEMPORAL_ADDRESS: '127.0.0.1:1' },
    });

  it('list no endpoints where none were deployed', async () => {
    expect(await call('endpoints')).toMatchObject({ exitCode: 0, stdout: 'No endpoints.\n' });
    expect(JSON.parse((await call('endpoints', '--json')).stdout)).toEqual({ endpoints: [] });
  });

  it('say which endpoint does not exist', async () => {
    const { exitCode, stderr } = await call('endpoints', 'stop', 'nope');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('E_NOT_FOUND There is no endpoint "nope".');
  });

  it('split no endpoint of this machine', async () => {
    const { exitCode, stderr } = await call('endpoints', 'split', 'nope', '--percent', '20');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('E_STATE The endpoint "nope" cannot be split: the local target');
  });

  it.each(['0', '100', '12.5', 'half'])('take no share of %s %%', async (percent) => {
    const { exitCode, stderr } = await call('endpoints', 'split', 'nope', '--percent', percent);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Give a whole number from 1 to 99.');
  });

  it('list the shipped pipeline', async () => {
    const { stdout } = await call('pipelines', '--json');

    expect(JSON.parse(stdout)).toEqual({
      pipelines: [{ name: 'ml-training-pipeline', shipped: true }],
    });
  });

  it('compile the shipped pipeline to a file that validates', async () => {
    expect(await call('compile', 'ml-training-pipeline', '-o', 'p.yaml')).toMatchObject({
      exitCode: 0,
    });

    const { exitCode, stdout } = await call('validate', 'p.yaml');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('p.yaml is valid: pipeline "ml-training-pipeline"');
  });

  it('compile the same bytes each time', async () => {
    const [first, second] = [
      await call('compile', 'ml-training-pipeline'),
      await call('compile', 'ml-training-pipeline'),
    ];

    expect(first.stdout).toBe(second.stdout);
  });

  it('suggest a pipeline of a similar name', async () => {
    const { exitCode, stderr } = await call('run', 'ml-trainign-pipeline');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('Did you mean "ml-training-pipeline"?');
  });

  it('refuse parameters before they look for a server', async () => {
    const run = ['run', 'ml-training-pipeline', '-p', 'data_path=x'];

    const refusals = await Promise.all([
      call(...run, '-p', 'test_split=2'),
      call(...run, '-p', 'deploy_threshold=85'),
      call(...run, '-p', 'endpoint_name=churn_model!'),
      call(...run, '-p', 'n_estimators=NaN'),
      call('run', 'ml-training-pipeline'),
    ]);

    expect(refusals.map(({ exitCode }) => exitCode)).toEqual([3, 3, 3, 3, 3]);
    expect(refusals.map(({ stderr }) => stderr.split(' ')[0])).toEqual([
      'E_PARAM',
      'E_PARAM',
      'E_ENDPOINT_NAME',
      'E_PARAM',
      'E_PARAM',
    ]);
  });

  it('keep the commit that a pipeline file is from with its version', async () => {
    const tree = new GitTree();
    const yaml = await readFile('examples/seed/ml_pipeline.yaml', 'utf8');
    const file = tree.write('ml_pipeline.yaml', yaml);
    const commit = tree.commit();
    await call('publish', file);

    const listed = await call('versions', 'ml-training-pipeline');
    const json = await call('versions', 'ml-training-pipeline', '--json');

    expect(listed.stdout).toContain(`ml_pipeline.yaml at ${commit.slice(0, 12)}`);
    expect(JSON.parse(json.stdout)).toMatchObject({
      versions: [{ version: 1, source: { commit, dirty: false, path: 'ml_pipeline.yaml' } }],
    });
  });

  it('say where no server answers', async () => {
    const { exitCode, stderr } = await call('runs');

    expect(exitCode).toBe(4);
    expect(stderr).toContain('E_SERVER');
    expect(stderr).toContain('127.0.0.1:1');
    expect(stderr).not.toContain('    at ');
  });

  it('show a closed run, its JSON and its report from the store', async () => {
    await writeRunRecord(store, CHURN_RUN);

    const shown = await call('show', CHURN_RUN.runId);
    const json = await call('show', CHURN_RUN.runId, '--json');
    const report = await call('report', CHURN_RUN.runId, '-o', '-');

    expect(shown.stdout).toContain('gate           passed, deployed (0.934 >= 0.85)');
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'succeeded' });
    expect(report.stdout).toMatch(/^<!DOCTYPE html>/);
  });

  it('watch a closed run to the exit code it had', async () => {
    const refused = { status: 'refused', endpoint: 'e', reason: '0.80 < 0.85' } as const;
    await writeRunRecord(store, { ...CHURN_RUN, deployment: refused });

    expect(await call('watch', CHURN_RUN.runId)).toMatchObject({ exitCode: 0 });
    const strict = await call('watch', CHURN_RUN.runId, '--require-deploy');
    expect(strict).toMatchObject({ exitCode: 5 });
    expect(strict.stderr).toContain('E_GATE_REFUSED Nothing was deployed to "e": 0.80 < 0.85.');
  });

  it('refuse to cancel a closed run', async () => {
    await writeRunRecord(store, CHURN_RUN);

    const { exitCode, stdout } = await call('cancel', CHURN_RUN.runId, '--json');

    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_STATE' } });
  });

  it('suggest a task when the log of an unknown one is asked for', async () => {
    await writeRunRecord(store, CHURN_RUN);

    const { exitCode, stderr } = await call('logs', CHURN_RUN.runId, 'trainn');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('Did you mean "train"?');
  });
});
