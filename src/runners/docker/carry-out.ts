// One execution from its container's start, or its being found again, to the record of its end.
//
// C1. A record stands for an end that counts. A task that was canceled, lost or stopped from outside has none, and is
//     run afresh when it is asked for again.
// C2. Before the record is written, what the task left is checked and taken out; after it the container goes.
// C3. A container whose daemon is away keeps its folders: it may still write to them.

import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { taskCanceled, taskLost } from '../../errors/task.js';
import type { LaunchSpec } from '../runner.js';
import { CONTAINER_TASK_FOLDER } from '../task-files.js';
import { readReport } from '../task-end/task-report.js';
import { checkLeftovers } from './check-leftovers.js';
import { DIGEST_LABEL, TRY_LABEL } from './container-name.js';
import { isGone } from './daemon.js';
import type { ExecutionFolder, ExitRecord, TryFolder } from './execution-folder.js';
import { looksStopped } from './exit-error.js';
import { followContainer, type Followed } from './follow-container.js';
import { removeContainer } from './reap-containers.js';
import { findOrStart, type StartedContainer, type StartRequest } from './start-container.js';
import { takeBack, type TaskUser } from './task-user.js';
import { wasKilledFromOutside } from './was-killed.js';

export interface CarryOutRequest extends StartRequest {
  readonly user: TaskUser;
  readonly graceSeconds: number;
  readonly orphanSeconds: number;
  /** Private folder of the container in the home. */
  readonly privateFolder: string;
}

type Seen = Exclude<Followed, { readonly kind: 'let go' }>;
type Ended = Extract<Followed, { readonly kind: 'ended' }>;

/** How long a worker that saw the same end first may take to write it down. */
const OTHER_WORKER_MS = 10_000;

/** Carries one execution to its end. @throws E_TASK_LOST, E_TASK_CANCELED, and what findOrStart throws */
export async function carryOut(request: CarryOutRequest): Promise<ExitRecord> {
  const { spec, folder, signal, graceSeconds, orphanSeconds } = request;
  const started = await findOrStart(request);
  const { container, output } = started;
  const { timeoutSeconds } = spec;
  const waits = { timeoutSeconds, graceSeconds, orphanSeconds };
  const followed = await followContainer({ container, output, folder, signal, ...waits });
  if (followed.kind === 'let go') throw taskLost(spec.id.task, 'another worker follows it');
  try {
    return await recordEnd(followed, started, request);
  } finally {
    await cleanUp(started, request);
  }
}

async function recordEnd(
  seen: Seen,
  started: StartedContainer,
  request: CarryOutRequest,
): Promise<ExitRecord> {
  const { folder, spec } = request;
  const byOther = await folder.readExit();
  if (byOther !== undefined) return byOther;
  const failure = await lossOf(seen, started, request); // C1
  if (failure !== undefined || seen.kind !== 'ended') throw failure ?? new Error('unreachable');
  const taken = await takeEnd(started, folder);
  if (taken === undefined) throw taskLost(spec.id.task, 'what it left is gone');
  return 'exitCode' in taken ? taken : recordTaken(seen, started, request, taken);
}

/** The folder of the try, or the record of the worker that was first. */
async function takeEnd(
  { labels }: StartedContainer,
  folder: ExecutionFolder,
): Promise<TryFolder | ExitRecord | undefined> {
  const id = labels[TRY_LABEL] ?? '';
  const first = await folder.takeTry(id, 'the container');
  if (first !== undefined) return first;
  const giveUp = performance.now() + OTHER_WORKER_MS;
  while (performance.now() < giveUp) {
    const byOther = await folder.readExit();
    if (byOther !== undefined) return byOther;
    await delay(50);
  }
  return (await folder.takeTry(id, 'again')) ?? (await folder.readExit());
}

async function recordTaken(
  seen: Ended,
  started: StartedContainer,
  request: CarryOutRequest,
  left: TryFolder,
): Promise<ExitRecord> {
  const { folder, user } = request;
  const exit = await exitRecord(seen, started, request, left);
  if (exit.exitCode === 0 && exit.reason === undefined) {
    await takeBack(left.task, user);
    await checkLeftovers(left.task, CONTAINER_TASK_FOLDER);
    await folder.takeOut(left);
  }
  await folder.writeExit(exit); // C2
  return exit;
}

/** Why the end does not count; undefined when it does. */
async function lossOf(
  seen: Seen,
  { container, wasOver }: StartedContainer,
  { spec, signal, daemon }: CarryOutRequest,
): Promise<Error | undefined> {
  const { task } = spec.id;
  if (signal.aborted) return taskCanceled(task);
  if (seen.kind === 'lost') return taskLost(task, seen.reason);
  if (isOverTime(seen, spec) || !looksStopped(seen.state)) return undefined;
  if (seen.isInterrupted || wasOver) {
    return taskLost(task, 'its container was stopped while no worker could look');
  }
  return (await wasKilledFromOutside(daemon, container.id, seen.state))
    ? taskLost(task, 'its container was stopped from outside')
    : undefined;
}

/** A worker that ended a task for its time may have died before it could write that down. */
function isOverTime({ state, isTimedOut }: Ended, { timeoutSeconds = Infinity }: LaunchSpec) {
  const lastedMs = Date.parse(state.FinishedAt) - Date.parse(state.StartedAt);
  return isTimedOut || (state.ExitCode !== 0 && lastedMs >= timeoutSeconds * 1000);
}

async function exitRecord(
  seen: Ended,
  { labels }: StartedContainer,
  { folder, spec }: CarryOutRequest,
  left: TryFolder,
): Promise<ExitRecord> {
  const { state } = seen;
  const report = state.ExitCode === 0 ? undefined : await readReport(folder.errorFile(left));
  return {
    exitCode: state.ExitCode,
    ...(isOverTime(seen, spec) ? { reason: 'timeout' as const } : {}),
    outOfMemory: state.OOMKilled,
    imageDigest: labels[DIGEST_LABEL] ?? '',
    ...(report === undefined ? {} : { report }),
    startedAt: new Date(state.StartedAt).toISOString(),
    finishedAt: new Date(state.FinishedAt).toISOString(),
  };
}

async function cleanUp(
  { container, labels }: StartedContainer,
  { folder, privateFolder }: CarryOutRequest,
): Promise<void> {
  try {
    await removeContainer(container);
  } catch (error) {
    if (isGone(error)) return; // C3; a reaper removes it once the daemon is back
    throw error;
  }
  await folder.removeTry(labels[TRY_LABEL] ?? 'none');
  await rm(privateFolder, { recursive: true, force: true });
}
