// Holding a run up and letting it go on.

import type { WorkflowHandle } from '@temporalio/client';
import { PAUSE_SIGNAL, RESUME_SIGNAL, type PauseRequest } from '../contract/index.js';
import { clientErrors } from '../errors/index.js';

/**
 * Keeps a run from starting tasks; those that run go on to their ends. Pausing twice is pausing once.
 * @throws E_STATE when the run has ended
 */
export async function pauseRun(handle: WorkflowHandle, request: PauseRequest): Promise<void> {
  await assertOpen(handle, 'paused');
  await handle.signal(PAUSE_SIGNAL, request);
}

/** Lets a paused run go on; harmless when it is not paused. @throws E_STATE when the run has ended */
export async function resumeRun(handle: WorkflowHandle): Promise<void> {
  await assertOpen(handle, 'resumed');
  await handle.signal(RESUME_SIGNAL);
}

const ENDED_AS: Readonly<Record<string, string>> = {
  COMPLETED: 'succeeded',
  CANCELLED: 'canceled',
  TERMINATED: 'canceled',
};

/** @param action  completes "cannot be …" @throws E_STATE when the run has ended */
export async function assertOpen(handle: WorkflowHandle, action: string): Promise<void> {
  const { status } = await handle.describe();
  if (status.name === 'RUNNING') return;
  throw clientErrors.wrongState(handle.workflowId, ENDED_AS[status.name] ?? 'failed', action);
}
