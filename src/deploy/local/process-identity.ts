// Tells whether a recorded process still is that process.
//
// P1. A process id alone proves nothing: ids are used again. Start time and boot id make it unique.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Names one process for ever, also after it is gone. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process of one boot. */
  readonly startedAt: string;
  /** Opaque; changes when the machine restarts. */
  readonly bootId: string;
}

const run = promisify(execFile);
const isLinux = process.platform === 'linux';

/** Identifies a running process; undefined when there is none (a zombie counts as none). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = isLinux ? await startTicks(pid) : await startDate(pid);
  return startedAt === undefined ? undefined : { pid, startedAt, bootId: await bootId() };
}

/** Whether the very process is still running (P1). */
export async function isSameProcessAlive(known: ProcessIdentity): Promise<boolean> {
  const found = await identifyProcess(known.pid);
  return found?.startedAt === known.startedAt && found.bootId === known.bootId;
}

// proc(5): fields after the command's closing parenthesis start with 3 (state); 22 is starttime.
async function startTicks(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[22 - 3];
}

async function startDate(pid: number): Promise<string | undefined> {
  const listed = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => undefined);
  const line = listed?.stdout.trim();
  return line === undefined || line === '' || line.startsWith('Z')
    ? undefined
    : line.replace(/^\S+\s+/, '');
}

async function bootId(): Promise<string> {
  if (isLinux) return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const { stdout } = await run('sysctl', ['-n', 'kern.bootsessionuuid']);
  return stdout.trim();
}
