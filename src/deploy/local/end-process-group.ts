import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;
// A killed process that nobody reaps stays listed for ever; it runs no more.
const KILLED_WAIT_MS = 2_000;

/**
 * Ends a process that leads its own group, and all it started: TERM, then KILL after the grace.
 *
 * @param graceMs milliseconds between TERM and KILL
 * @returns once the group is gone
 */
export async function endProcessGroup(leader: number, graceMs: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return;
  const killAt = performance.now() + graceMs;
  while (signalGroup(leader, 0) && performance.now() < killAt + KILLED_WAIT_MS) {
    if (performance.now() >= killAt) signalGroup(leader, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/** Sends a signal to a group; false when nothing of it is left. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    // EPERM: macOS answers so when only zombies are left.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}
