// Tells one process from a later one with the same id; the Python side is process_identity.py.
//
// P1. A process is its id, its start time and the machine's boot: ids are reused, the three are not.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string | null;
  readonly bootId: string;
}

/** Names the process that has an id now; undefined when there is none, or only its zombie. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startTime = await startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime, bootId: await bootId() };
}

/** Tells whether that very process still runs (P1). */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.bootId !== (await bootId())) return false;
  const startTime = await startTimeOf(identity.pid);
  return startTime !== undefined && startTime === identity.startTime;
}

/** Signals that very process, if it still runs. */
export async function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
): Promise<void> {
  if (!(await isAlive(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return psStartTime(pid);
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Fields after the name, which may hold spaces and brackets: [0] state, [19] start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function psStartTime(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], (_, stdout) => {
      resolve(stdout.trim() || undefined);
    });
  });
}

async function bootId(): Promise<string> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
}
