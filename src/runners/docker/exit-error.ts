// What a container's end means: nothing when the task succeeded, else the error to throw.
//
// X1. Why the worker ended the task goes before how it ended.
// X2. What the task said about itself goes before its exit code.
// X3. A container that was ended from outside (by hand, by the daemon's own stop) is a lost task, not a failed one.

import { constants } from 'node:os';
import { imageLacksProgram } from '../../errors/container.js';
import {
  commandLineTooLong,
  taskExited,
  taskOutOfMemory,
  taskReported,
  taskSignaled,
  taskTimedOut,
} from '../../errors/task.js';
import type { LaunchSpec } from '../runner.js';
import { logTail } from '../task-end/log-tail.js';
import { saysOutOfMemory } from '../task-end/says-out-of-memory.js';
import type { ExitRecord } from './execution-folder.js';
import type { ContainerState } from './follow-container.js';

/** A shell's way, and the daemon's, to tell a signal: 128 and its number. */
const SIGNAL_BASE = 128;
/** Exit codes of containers that the daemon stopped: by TERM, by KILL, or with the machine. */
const STOPPED_CODES = new Set([SIGNAL_BASE + 15, SIGNAL_BASE + 9, 255]);
/** What the runtime itself prints when it cannot become the program. */
const TOO_LONG = /^\W*exec \S+: argument list too long\W*$/i;
const INIT_FAILED = /\[FATAL [^\]]*\] exec (.+) failed: (.+)$/m;

/** Whether a container may have been stopped by the daemon rather than by itself (X3). */
export function looksStopped({ ExitCode, OOMKilled }: ContainerState): boolean {
  return !OOMKilled && STOPPED_CODES.has(ExitCode);
}

/** Makes the error for an exit record; undefined when the task succeeded. */
export async function exitError(
  exit: ExitRecord,
  spec: LaunchSpec,
  logPath: string,
): Promise<Error | undefined> {
  const { task } = spec.id;
  if (exit.reason === 'timeout') return taskTimedOut(task, spec.timeoutSeconds ?? 0);
  if (exit.exitCode === 0) return undefined;
  if (exit.report !== undefined) return taskReported(task, exit.report, exit.exitCode);
  const tail = await logTail(logPath);
  if (TOO_LONG.test(tail)) return tooLong(spec);
  const [, command, reason] = INIT_FAILED.exec(tail) ?? [];
  if (command !== undefined && reason !== undefined) {
    return imageLacksProgram(task, { image: spec.image, command, reason });
  }
  if (exit.outOfMemory || saysOutOfMemory(tail)) {
    return taskOutOfMemory(task, { limitBytes: spec.resources.memoryBytes }, tail);
  }
  const signal = signalOf(exit.exitCode);
  return signal === undefined
    ? taskExited(task, exit.exitCode, tail)
    : taskSignaled(task, signal, tail);
}

/** The command line was longer than the system passes to a program. */
export function tooLong({ id, command, args }: LaunchSpec): Error {
  return commandLineTooLong(id.task, Buffer.byteLength([...command, ...args].join('\0')));
}

function signalOf(exitCode: number): string | undefined {
  const number = exitCode - SIGNAL_BASE;
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}
