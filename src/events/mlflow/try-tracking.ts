import { randomUUID } from 'node:crypto';
import type { MlflowTarget } from '../../config/index.js';
import { ensureExperiment, openMlflow, trackedRun } from '../../mlflow/index.js';
import type { JsonObject } from '../../util/index.js';

/** Makes a run in MLflow, writes to it, and removes it: whether address, token and rights are as they should be. */
export async function tryTracking(
  target: MlflowTarget,
  pipeline: string,
  signal: AbortSignal,
): Promise<void> {
  const client = await openMlflow(target, signal);
  const experiment = await ensureExperiment(client, target.experiment ?? pipeline);
  const { run } = await client.post('runs/create', {
    experiment_id: experiment,
    run_name: `test-${randomUUID()}`,
    start_time: Date.now(),
  });
  const { id } = trackedRun(run as JsonObject);
  const tags = [{ key: 'anneal.test', value: 'true' }];
  await client.post('runs/log-batch', { run_id: id, tags });
  await client.post('runs/delete', { run_id: id });
}
