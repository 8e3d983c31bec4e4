// What a task's end means: nothing when it succeeded, else the error to throw.
//
// X1. Why the supervisor ended the task goes before how it ended.
// X2. What the task said about itself goes before its exit code.

import {
  commandLineTooLong,
  taskCanceled,
  taskExited,
  taskLost,
  taskNotStarted,
  taskOutOfMemory,
  taskReported,
  taskSignaled,
  taskTimedOut,
} from '../../errors/task.js';
import type { LaunchSpec } from '../runner.js';
import type { ExecutionFolder, ExitRecord } from './execution-folder.js';
import { logTail } from '../task-end/log-tail.js';
import { saysOutOfMemory } from '../task-end/says-out-of-memory.js';
import { readReport } from '../task-end/task-report.js';

// 128 + 9: how a shell reports a command that was killed, as the kernel does for want of memory.
const KILLED_EXIT_CODE = 137;

/** Makes the error for an exit record; undefined when the task succeeded. */
export async function exitError(
  exit: ExitRecord,
  spec: LaunchSpec,
  folder: ExecutionFolder,
  isCanceled: boolean,
): Promise<Error | undefined> {
  const { task } = spec.id;
  if (isCanceled) return taskCanceled(task);
  const ended = endedBySupervisor(exit, spec);
  if (ended !== undefined) return ended;
  if (exit.exitCode === 0) return undefined;
  if (exit.startError !== undefined) return startError(exit.startError, spec);
  const reported = await readReport(folder.errorFile);
  if (reported !== undefined) return taskReported(task, reported, exit.exitCode ?? -1);
  const tail = await logTail(folder.logPath);
  if (ranOutOfMemory(exit, tail)) return outOfMemory(exit, spec, tail);
  if (exit.signal !== undefined) return taskSignaled(task, exit.signal, tail);
  return taskExited(task, exit.exitCode ?? -1, tail);
}

function endedBySupervisor(exit: ExitRecord, spec: LaunchSpec): Error | undefined {
  const { task } = spec.id;
  switch (exit.reason) {
    case undefined:
      return undefined;
    case 'timeout':
      return taskTimedOut(task, spec.timeoutSeconds ?? 0);
    case 'memory':
      return outOfMemory(exit, spec, '');
    case 'canceled':
      return taskLost(task, 'its worker stopped');
    case 'orphaned':
      return taskLost(task, 'no worker asked for it any more');
  }
}

function startError(
  { errno, command }: NonNullable<ExitRecord['startError']>,
  spec: LaunchSpec,
): Error {
  if (errno === 'E2BIG') {
    const bytes = Buffer.byteLength([...spec.command, ...spec.args].join('\0'));
    return commandLineTooLong(spec.id.task, bytes);
  }
  const reason = errno === 'ENOENT' ? 'it is not on this machine' : errno;
  return taskNotStarted(spec.id.task, command, reason);
}

function outOfMemory(exit: ExitRecord, spec: LaunchSpec, tail: string): Error {
  const memory = { peakBytes: exit.maxRssBytes, limitBytes: spec.resources.memoryBytes };
  return taskOutOfMemory(spec.id.task, memory, tail);
}

function ranOutOfMemory(exit: ExitRecord, tail: string): boolean {
  if (exit.exitCode === KILLED_EXIT_CODE || (exit.signal === 'SIGKILL' && exit.oom)) return true;
  return saysOutOfMemory(tail);
}
