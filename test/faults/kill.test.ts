// kill -9 in the middle of a run: nothing is lost, nothing finished runs again, nothing is left behind.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import type { RunJson } from '../support/anneal-cli.js';
import { hasBegun } from '../support/has-begun.js';
import { readManifests } from '../support/read-manifests.js';
import { waitUntil } from '../support/wait-until.js';

const RUN = [
  'run',
  'ml-training-pipeline',
  '--param',
  'data_path=examples/churn/mlc_churn.csv',
  '--param',
  'n_estimators=60',
  '--json',
];

describe.skipIf(TEST_PYTHON === undefined)('kill -9 in the middle of train', () => {
  let home: AnnealHome;
  beforeEach(() => {
    home = new AnnealHome();
  });
  afterEach(() => home.close());

  test.each([
    ['the worker', /^\S*node \S*workers\/worker\.js/],
    ['the Temporal server', /temporal server start-dev/],
    ['the supervisor of both', /devserver\/service\/.*main\.js/],
  ])(
    '%s: the run completes and each stage was published once',
    async (_, victim) => {
      const command = home.start(...RUN);
      await waitUntil('train has started', () => hasBegun(home.folder, 'train'));
      const before = await readManifests(home.folder);

      const killed = home.processes().filter((each) => victim.test(each.command));
      for (const { pid } of killed) process.kill(pid, 'SIGKILL');

      expect(killed.length, 'the fault was injected').toBeGreaterThan(0);
      const { stdout, stderr } = await command;
      const run = parse(String(stdout), String(stderr));
      const after = await readManifests(home.folder);
      expect(run.status).toBe('succeeded');
      expect(run.deployment?.status).toBe('promoted');
      expect(after.filter(({ task }) => task === 'preprocess')).toEqual(
        before.filter(({ task }) => task === 'preprocess'),
      );
      expect(after.filter(({ task }) => task === 'train')).toHaveLength(1);
      await waitUntil('only the endpoint is left', () => leftovers(home).length === 0);
    },
    180_000,
  );
});

function leftovers(home: AnnealHome): string[] {
  return home
    .processes()
    .map(({ command }) => command)
    .filter((command) => !/supervisor-main|anneal_tasks\.serving/.test(command));
}

function parse(stdout: string, stderr: string): RunJson {
  try {
    return JSON.parse(stdout) as RunJson;
  } catch {
    throw new Error(`no JSON on stdout: ${stdout}\n${stderr}`);
  }
}
