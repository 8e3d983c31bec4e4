// Tells one process from a later one with the same id: by its start time and the machine's boot.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Identifies a live process.
 *
 * @param {number} pid
 * @returns {{ pid: number, startedAt: string } | undefined} undefined when it is gone, or dead and not yet reaped
 */
export function identifyProcess(pid) {
  const startedAt = process.platform === 'linux' ? startedAtOnLinux(pid) : startedAtByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether the very process that was identified is still alive. */
export function isSameProcessAlive(identity) {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

// proc(5): the name may hold spaces and brackets, so fields are counted after its closing one:
// state is the 1st and starttime (ticks since boot) the 20th of them.
function startedAtOnLinux(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${bootId()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bootId() {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function startedAtByPs(pid) {
  try {
    const columns = ['-o', 'stat=,lstart=', '-p', String(pid)];
    const line = execFileSync('ps', columns, { encoding: 'utf8', stdio: 'pipe' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
