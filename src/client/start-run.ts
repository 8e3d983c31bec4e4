// From a request to a started workflow.
//
// S1. A run id starts one run, also after that has closed, and also when the server has forgotten it.
// S2. An idempotency key names one run: whoever repeats the request gets its id, whoever changes it an error.

import type { Client } from '@temporalio/client';
import { PIPELINE_WORKFLOW } from '../contract/index.js';
import { clientErrors, isAnnealError } from '../errors/index.js';
import { claimStart, readRunRecord } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { assertRunId, newRunId } from './run-id.js';
import { toRunInput, type StartRequest } from './start-request.js';

const LONGEST_KEY = 500;

export interface StartParts {
  readonly temporal: Client;
  readonly store: ArtifactStore;
  readonly taskQueue: string;
  /** Runs a call to the server, its errors mapped. */
  readonly call: <Result>(runId: string, call: () => Promise<Result>) => Promise<Result>;
}

/**
 * Starts a run (S1, S2).
 *
 * @returns the run's id
 * @throws E_NAME, E_PARAM_SIZE, E_ALREADY_STARTED, E_IDEMPOTENCY_KEY, E_SERVER
 */
export async function startRun(parts: StartParts, request: StartRequest): Promise<string> {
  const runId = request.runId ?? newRunId(request.pipeline.name, new Date());
  assertRunId(runId);
  if (request.runId !== undefined && request.idempotencyKey !== undefined) {
    throw clientErrors.usage(
      'A run id and an idempotency key were given; either alone makes a start happen once.',
      'Leave one of them out.',
    );
  }
  if (request.idempotencyKey === undefined) return startWorkflow(parts, runId, request);
  const claimed = await claimKey(parts, runId, request, request.idempotencyKey);
  try {
    return await startWorkflow(parts, claimed, request);
  } catch (error) {
    if (isAnnealError(error) && error.code === 'E_ALREADY_STARTED') return claimed; // S2
    throw error;
  }
}

async function claimKey(
  { store }: StartParts,
  runId: string,
  { pipeline: { name: pipeline }, parameters = {} }: StartRequest,
  key: string,
): Promise<string> {
  if (key.length < 1 || key.length > LONGEST_KEY) {
    throw clientErrors.invalidIdempotencyKey(key.length);
  }
  const claim = await claimStart(store, { pipeline, key, parameters, runId });
  if (!claim.isSame) throw clientErrors.idempotencyKeyReused(pipeline, key, claim.runId);
  return claim.runId;
}

async function startWorkflow(
  { temporal, store, taskQueue, call }: StartParts,
  runId: string,
  request: StartRequest,
): Promise<string> {
  const { name } = request.pipeline;
  const input = toRunInput(request);
  if ((await readRunRecord(store, runId)) !== undefined) throw clientErrors.alreadyStarted(runId);
  await call(runId, () =>
    temporal.workflow.start(PIPELINE_WORKFLOW, {
      workflowId: runId,
      taskQueue,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: name,
      memo: { pipeline: name },
      args: [input],
    }),
  );
  return runId;
}
