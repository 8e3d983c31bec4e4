// The error that a failed pod stands for.
//
// E1. What a container said about itself (its termination message) goes before its exit code.

import { constants } from 'node:os';
import type { AnnealError } from '../../errors/index.js';
import {
  podOutOfDisk,
  transferCrashed,
  transferFailed,
  type TransferFailure,
} from '../../errors/kubernetes.js';
import {
  taskExited,
  taskLost,
  taskNotStarted,
  taskOutOfMemory,
  taskReported,
  taskSignaled,
  taskTimedOut,
  type ReportedError,
} from '../../errors/task.js';
import type { LaunchSpec } from '../runner.js';
import type { ContainerEnd, JobState } from './job-state.js';

const REPORTED = new Set([
  ...['E_DATA', 'E_LEAK', 'E_METRIC', 'E_PARAM'],
  ...['E_INPUT_NOT_FOUND', 'E_DIGEST', 'E_MODEL_FORMAT'],
]);
const TRANSFER = new Set([
  ...['E_INPUT_NOT_FOUND', 'E_DIGEST', 'E_STORE', 'E_STORE_FULL', 'E_TASK_OUTPUT'],
]);
const NOT_STARTED = new Set(['StartError', 'ContainerCannotRun', 'RunContainerError']);
/** The kubelet's words when a pod used more disk than it was given; all else that evicts is the node's need. */
const OVER_OWN_LIMIT = /exceeds the (?:total )?limit|exceeded its local ephemeral storage limit/i;
const STEP_NAMES = { fetch: 'bringing its inputs', store: 'storing its outputs' } as const;

/** @param logTail  the last lines of the task's log */
export function endError(
  state: Extract<JobState, { readonly kind: 'timeout' | 'lost' | 'failed' }>,
  spec: LaunchSpec,
  logTail: string,
): AnnealError {
  const { task } = spec.id;
  if (state.kind === 'timeout') return taskTimedOut(task, spec.timeoutSeconds ?? 0);
  if (state.kind === 'failed') return failed(state.end, spec, logTail);
  if (OVER_OWN_LIMIT.test(state.reason)) return podOutOfDisk(task, state.reason);
  return taskLost(task, state.reason);
}

function failed(end: ContainerEnd, spec: LaunchSpec, logTail: string): AnnealError {
  const { task } = spec.id;
  const { step, exitCode, reason, message } = end;
  if (step !== 'task') return transferError(task, step, end);
  const limitBytes = spec.resources.memoryBytes;
  if (reason === 'OOMKilled') return taskOutOfMemory(task, { limitBytes }, logTail);
  if (NOT_STARTED.has(reason)) {
    return taskNotStarted(task, spec.command[0] ?? spec.image, message || reason);
  }
  const reported = parsed<ReportedError>(message, REPORTED);
  if (reported !== undefined) return taskReported(task, reported, exitCode);
  const signal = signalOf(exitCode);
  // The kernel may kill a child of the task's shell, which then ends so itself.
  if (signal === 'SIGKILL' && limitBytes !== undefined) {
    return taskOutOfMemory(task, { limitBytes }, logTail);
  }
  return signal === undefined
    ? taskExited(task, exitCode, logTail)
    : taskSignaled(task, signal, logTail);
}

function transferError(
  task: string,
  step: 'fetch' | 'store',
  { message, reason, exitCode }: ContainerEnd,
): AnnealError {
  const said = parsed<TransferFailure>(message, TRANSFER);
  if (said !== undefined) return transferFailed(task, STEP_NAMES[step], said);
  const why = [reason, `exit code ${exitCode}`, message.trim().split('\n').at(-1)].filter(Boolean);
  return transferCrashed(task, STEP_NAMES[step], why.join(', '));
}

function parsed<Failure extends { readonly code: string }>(
  text: string,
  codes: ReadonlySet<string>,
): Failure | undefined {
  try {
    const found = JSON.parse(text) as Partial<Failure & { readonly message: string }>;
    const isKnown = codes.has(found.code ?? '') && typeof found.message === 'string';
    return isKnown ? (found as unknown as Failure) : undefined;
  } catch {
    return undefined;
  }
}

// 128 + n: how a container runtime reports a program that signal n ended.
function signalOf(exitCode: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === exitCode - 128)?.[0];
}
