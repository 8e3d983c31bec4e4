import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcessAlive, type ProcessIdentity } from '#process-identity';

const POLL_MS = 20;

/**
 * Ends a process that may be somebody else's child: TERM, then KILL.
 *
 * @param graceMs  time between the two
 */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  const killAt = Date.now() + graceMs;
  let signal: NodeJS.Signals | undefined = 'SIGTERM';
  while (isSameProcessAlive(identity)) {
    if (signal !== undefined) send(identity.pid, signal);
    signal = Date.now() >= killAt ? 'SIGKILL' : undefined;
    await delay(POLL_MS);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
