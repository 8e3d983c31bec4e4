// What the end of a job means: nothing when it completed, else the error to throw.
//
// F1. What the task said of itself goes before its exit code, and that before AWS's own words.
// F2. Only what is AWS's fault is E_TASK_LOST: InternalServerError, no capacity, an interrupted spot instance, a job
//     that somebody else stopped. The next job of the task then takes the next name.

import { constants } from 'node:os';
import { jobFailed, jobImageRefused, jobInputFailed } from '../../errors/jobs.js';
import { deployErrors } from '../../errors/index.js';
import {
  taskExited,
  taskLost,
  taskOutOfMemory,
  taskReported,
  taskSignaled,
  taskTimedOut,
} from '../../errors/task.js';
import { parseReport } from '../task-end/task-report.js';
import type { LaunchSpec } from '../runner.js';
import type { JobView } from './job.js';

const TIMED_OUT = new Set(['MaxRuntimeExceeded', 'MaxWaitTimeExceeded']);
const LOST =
  /InternalServerError|CapacityError|internal (server )?error|spot .*interrupt|interrupted/i;
const IMAGE =
  /CannotPull|pull(ing)? (the )?image|image .*(not exist|not found)|manifest unknown|exec format/i;
const MEMORY = /more memory|out of memory|OutOfMemory|OOM/i;
const INPUT = /no (S3 )?objects? found|NoSuchKey|data download failed|failed to download/i;
const DENIED = /access ?denied|not authorized|403/i;
// 128 + 9: how a shell reports a program that the kernel killed for want of memory.
const KILLED_EXIT_CODE = 137;

/** Whether a job's end is the infrastructure's fault (F2). */
export function isLost(view: JobView): boolean {
  if (isTimeout(view)) return false;
  if (view.state === 'stopped') return true;
  return (
    view.state === 'failed' && lastWords(view) === undefined && LOST.test(view.failureReason ?? '')
  );
}

/** Makes the error for a job that has ended; undefined when it completed. @param report text of the task's own report, when it arrived */
export function jobFailure(
  view: JobView,
  spec: LaunchSpec,
  { logTail, report }: { readonly logTail: string; readonly report?: string },
): Error | undefined {
  const { task } = spec.id;
  if (view.state === 'completed') return undefined;
  if (isTimeout(view)) return taskTimedOut(task, view.maxRuntimeSeconds ?? 0);
  const reason = view.failureReason ?? '';
  if (isLost(view)) {
    return taskLost(task, view.state === 'stopped' ? `its job ${view.name} was stopped` : reason);
  }
  const words = lastWords(view);
  const reported = parseReport(report ?? '') ?? parseReport(words?.said ?? '');
  const exitCode = words?.exitCode ?? exitCodeOf(reason);
  if (reported !== undefined) return taskReported(task, reported, exitCode ?? -1);
  if (exitCode === KILLED_EXIT_CODE || MEMORY.test(reason)) {
    return taskOutOfMemory(task, { limitBytes: spec.resources.memoryBytes }, logTail);
  }
  const signal = signalOf(exitCode);
  if (signal !== undefined) return taskSignaled(task, signal, logTail);
  if (exitCode !== undefined) return taskExited(task, exitCode, logTail);
  return failureOfAws(view, spec);
}

function failureOfAws(view: JobView, { id, image }: LaunchSpec): Error {
  const reason = view.failureReason ?? 'AWS gives no reason.';
  if (IMAGE.test(reason)) {
    const hint = 'Push it to ECR in the region of the jobs, and let their role pull it.';
    return jobImageRefused(image, reason, hint);
  }
  if (INPUT.test(reason)) return jobInputFailed(id.task, view.name, reason);
  if (DENIED.test(reason)) {
    const hint = 'Give the role of the jobs the rights of docs/aws/job-execution-role.json.';
    return deployErrors.awsConfigWrong(`The job ${view.name} was refused: ${reason}`, hint);
  }
  return jobFailed(id.task, view.name, reason);
}

/** The stopping condition ended it: said by AWS, or seen by the clock. */
function isTimeout({ state, phase, startedAt, endedAt, maxRuntimeSeconds }: JobView): boolean {
  if (state === 'completed') return false;
  if (phase !== undefined && TIMED_OUT.has(phase)) return true;
  if (state !== 'stopped' || !startedAt || !endedAt || !maxRuntimeSeconds) return false;
  return endedAt.getTime() - startedAt.getTime() >= maxRuntimeSeconds * 1000;
}

/** What the launcher left: see sagemaker_job.sh, L3. */
function lastWords({ message }: JobView): { exitCode: number; said: string } | undefined {
  const [, code, said] = /anneal-exit (\d{1,3})\n?(.*)$/s.exec(message ?? '') ?? [];
  return code === undefined ? undefined : { exitCode: Number(code), said: said ?? '' };
}

function exitCodeOf(reason: string): number | undefined {
  const code = /exit code:? (\d{1,3})/i.exec(reason)?.[1];
  return code === undefined ? undefined : Number(code);
}

function signalOf(exitCode: number | undefined): string | undefined {
  if (exitCode === undefined || exitCode <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
}
