// The shipped pipeline by the command line with `--runner kubernetes`: pods, an S3 server, and a worker that is killed.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnnealHome } from '../support/anneal-cli.js';
import type { TestCluster } from '../support/kubernetes/test-cluster.js';
import { makeBucket, TEST_CREDENTIALS } from '../support/s3/s3-server.js';
import { waitUntil } from '../support/wait-until.js';
import { startMoto, type MotoServer } from './deploy/moto-server.js';

const MINUTES = 60_000;
const CHURN = ['ml-training-pipeline', '--param', 'data_path=examples/churn/mlc_churn.csv'];

/** @param moto  Python that has moto's server */
export function describeKubernetesChurn(
  moto: string,
  openCluster: () => Promise<TestCluster>,
): void {
  let cluster: TestCluster;
  let server: MotoServer;
  let home: AnnealHome;

  beforeAll(async () => {
    [server, cluster] = await Promise.all([startMoto(moto), openCluster()]);
    home = new AnnealHome({
      ...TEST_CREDENTIALS,
      ANNEAL_STORE: `s3://${await makeBucket(server.url)}/project`,
      ANNEAL_S3_ENDPOINT: server.url,
      ANNEAL_S3_REGION: 'us-east-1',
      ANNEAL_RUNNER: 'kubernetes',
      ANNEAL_KUBERNETES_CONFIG: cluster.config,
      ANNEAL_KUBERNETES_STORE_SECRET: 'anneal-s3',
    });
  });

  afterAll(async () => {
    await home.close();
    await cluster.close();
    server.close();
  });

  const podsOf = (task: string): string[] =>
    cluster.node.started.filter((name) => name.includes(`-${task}-`));

  test(
    'clears the gate, and a worker killed in mid-train finds its pod again',
    { timeout: 15 * MINUTES },
    async () => {
      const running = home.run(...CHURN, '--param', 'n_estimators=60');
      const early = running.then((run) => Promise.reject(new Error(JSON.stringify(run.error))));
      const training = waitUntil('the training runs', () => trainingPod(), 10 * MINUTES);
      const pod = await Promise.race([training, early]);
      killWorkers();

      const run = await running;

      expect(run).toMatchObject({ exitCode: 0, status: 'succeeded' });
      expect(run.deployment).toMatchObject({ status: 'promoted' });
      expect(podsOf('train')).toEqual([pod]);
      expect(podsOf('preprocess')).toHaveLength(1);
    },
  );

  function trainingPod(): string | undefined {
    return podsOf('train').find((name) => cluster.node.pods.get(name)?.logs.has('task'));
  }

  function killWorkers(): void {
    const workers = home.processes().filter(({ command }) => command.includes('workers/worker.js'));
    expect(workers).not.toEqual([]);
    for (const { pid } of workers) process.kill(pid, 'SIGKILL');
  }
}
