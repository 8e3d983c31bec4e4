// SIGSTOP: a worker that freezes past its heartbeat and wakes up again does not harm the task that went on.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import type { RunJson } from '../support/anneal-cli.js';
import { hasBegun } from '../support/has-begun.js';
import { readManifests } from '../support/read-manifests.js';
import { waitUntil } from '../support/wait-until.js';

const FROZEN_MS = 6000;

describe.skipIf(TEST_PYTHON === undefined)('SIGSTOP in the middle of train', () => {
  let home: AnnealHome;
  beforeEach(() => {
    home = new AnnealHome();
  });
  afterEach(() => home.close());

  test.each([
    ['the worker', /^\S*node \S*workers\/worker\.js/],
    ['the Temporal server', /temporal server start-dev/],
  ])(
    '%s: the run succeeds with one train, first try',
    async (_, victim) => {
      const command = home.start(
        ...['run', 'ml-training-pipeline', '--param', 'data_path=examples/churn/mlc_churn.csv'],
        ...['--param', 'n_estimators=150', '--json'],
      );
      await waitUntil('train has started', () => hasBegun(home.folder, 'train'));

      const frozen = home.processes().filter((each) => victim.test(each.command));
      for (const { pid } of frozen) process.kill(pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
      for (const { pid } of frozen) process.kill(pid, 'SIGCONT');

      expect(frozen.length, 'the fault was injected').toBeGreaterThan(0);
      const run = JSON.parse(String((await command).stdout)) as RunJson;
      const train = run.tasks.find(({ name }) => name === 'train');
      expect(run).toMatchObject({ status: 'succeeded', deployment: { status: 'promoted' } });
      expect(train).toMatchObject({ status: 'succeeded', attempts: 1 });
      const manifests = await readManifests(home.folder);
      expect(manifests.filter(({ task }) => task === 'train')).toHaveLength(1);
    },
    180_000,
  );
});
