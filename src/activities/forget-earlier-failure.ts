import type { TaskRequest } from '../contract/index.js';
import { keys, readFailure } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';

/**
 * Clears a try that failed before the workflow was reset, so that the reset run tries again. Within one workflow
 * run a failure stands: an activity that is tried again after its answer was lost must give the same answer.
 *
 * @param workflowRunId  Temporal's id of the workflow run that asks now
 */
export async function forgetEarlierFailure(
  store: ArtifactStore,
  { run, task, attempt }: TaskRequest,
  workflowRunId: string,
): Promise<void> {
  const failure = await readFailure(store, run.runId, task, attempt);
  if (failure === undefined || failure.workflowRunId === workflowRunId) return;
  await store.remove(keys.attemptFolder(run.runId, task, attempt));
}
