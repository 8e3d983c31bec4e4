import { setTimeout as sleep } from 'node:timers/promises';
import { sendCommand } from './control-client.js';
import type { EndpointFolder } from './endpoint-folder.js';
import type { EndpointLimits } from './endpoint.js';
import { findLeaseHolder } from './lease.js';
import { endStrayProcesses } from './stray-processes.js';

const POLL_MS = 20;
// After the supervisor has said that all is stopped, it only has to end itself.
const EXIT_TIMEOUT_MS = 5_000;

/**
 * Ends an endpoint's supervisor and all serving processes, also those of a supervisor that died.
 * The record and the models stay, so that the endpoint can be started again.
 */
export async function stopEndpoint(folder: EndpointFolder, limits: EndpointLimits): Promise<void> {
  await sendCommand(folder, 'stop');
  const deadline = performance.now() + EXIT_TIMEOUT_MS;
  for (;;) {
    const holder = await findLeaseHolder(folder.lease);
    if (holder === undefined) break;
    if (performance.now() >= deadline) killQuietly(holder.pid);
    await sleep(POLL_MS);
  }
  await endStrayProcesses(folder.variants, limits.stopGraceMs);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
