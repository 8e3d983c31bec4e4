// The churn pipeline on a Temporal cluster: two nodes of the real server, on PostgreSQL.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealHome } from '../support/anneal-cli.js';
import type { RunJson } from '../support/anneal-cli.js';
import { hasBegun } from '../support/has-begun.js';
import { readManifests } from '../support/read-manifests.js';
import { waitUntil } from '../support/wait-until.js';
import { MISSING_PARTS } from './support/missing-parts.js';
import { frontendOf } from './support/node-config.js';
import { TemporalCluster } from './support/temporal-cluster.js';

const RUN = [
  ...['run', 'ml-training-pipeline', '--json'],
  ...['--param', 'data_path=examples/churn/mlc_churn.csv', '--param', 'n_estimators=600'],
];
const LIMIT_MS = 10 * 60_000;

describe.skipIf(MISSING_PARTS !== undefined)(
  'the churn pipeline on a cluster of two nodes on PostgreSQL',
  { timeout: LIMIT_MS },
  () => {
    let cluster: TemporalCluster | undefined;

    beforeAll(async () => {
      cluster = await TemporalCluster.start();
    }, 40 * 60_000);
    afterAll(() => cluster?.stop());

    test.each([
      { victim: 1, comesBack: false, what: 'the other node dies in mid-train' },
      {
        victim: 0,
        comesBack: true,
        what: 'the node they talk to dies in mid-train and comes back',
      },
    ] as const)('completes, each stage once, when $what', async ({ victim, comesBack }) => {
      const { addresses } = cluster!;
      const home = new AnnealHome({ TEMPORAL_ADDRESS: frontendOf(addresses[0]) });
      const worker = home.start('worker');
      const command = home.start(...RUN);
      const hasBegunTrain = async (): Promise<boolean> => {
        if (command.exitCode !== null) throw new Error(String((await command).stderr));
        return hasBegun(home.folder, 'train');
      };
      await waitUntil('train has started', hasBegunTrain, LIMIT_MS);
      const before = await readManifests(home.folder);

      await cluster!.killNode(addresses[victim]);
      if (comesBack) await cluster!.startNode(addresses[victim]);

      const run = JSON.parse(String((await command).stdout)) as RunJson;
      const after = await readManifests(home.folder);
      worker.kill('SIGTERM');
      expect(run).toMatchObject({ status: 'succeeded', deployment: { status: 'promoted' } });
      expect(after.filter(({ task }) => task === 'train')).toHaveLength(1);
      expect(after.filter(({ task }) => task === 'preprocess')).toEqual(
        before.filter(({ task }) => task === 'preprocess'),
      );
      expect((await worker).exitCode).toBe(0);
      await home.close();
    });
  },
);
