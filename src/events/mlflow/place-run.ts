// Which run of MLflow stands for a run of ours.
//
// R1. One, whoever delivers: start and end of a short run may be delivered at once, by two workers. The store keeps
//     who was first; whoever made another one removes it.
// R2. A create whose answer was lost is found again by its tag.

import type { RunEvent } from '../../contract/index.js';
import { keys } from '../../lineage/index.js';
import {
  findTrackedRuns,
  RUN_TAG,
  runTag,
  trackedRun,
  type MlflowClient,
  type TrackedRun,
} from '../../mlflow/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import type { JsonObject } from '../../util/index.js';
import { startTags } from './run-facts.js';

export interface Placement {
  readonly client: MlflowClient;
  readonly store: ArtifactStore;
  /** Id of the experiment. */
  readonly experiment: string;
  /** Id of the hook. */
  readonly hook: string;
}

/** Finds or creates MLflow's run for an event's run, and removes what a race left over. @throws E_MLFLOW, E_STORE */
export async function placeRun(event: RunEvent, placement: Placement): Promise<TrackedRun> {
  const { client, store, experiment, hook } = placement;
  const { runId } = event.run;
  const found = await findTrackedRuns(client, experiment, runId); // R2
  const candidate = found[0] ?? (await createRun(event, placement));
  const key = keys.deliveryKey(runId, '_mlflow', hook);
  const isFirst = await store.put(key, JSON.stringify(candidate), { ifAbsent: true });
  const chosen = isFirst ? candidate : await readPlace(store, key, candidate);
  for (const { id } of [...found, candidate]) {
    if (id !== chosen.id) await client.post('runs/delete', { run_id: id }); // R1
  }
  return chosen;
}

async function createRun(event: RunEvent, { client, experiment }: Placement): Promise<TrackedRun> {
  const { runId, startedAt } = event.run;
  const { run } = await client.post('runs/create', {
    experiment_id: experiment,
    run_name: runId,
    start_time: Date.parse(startedAt),
    tags: [{ key: RUN_TAG, value: runTag(runId) }, ...startTags(event)],
  });
  return trackedRun(run as JsonObject);
}

async function readPlace(
  store: ArtifactStore,
  key: string,
  otherwise: TrackedRun,
): Promise<TrackedRun> {
  const bytes = await store.get(key);
  if (bytes === undefined) return otherwise;
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as TrackedRun;
}
