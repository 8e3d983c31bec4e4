// The process that owns one endpoint: router, serving processes, control socket.
//
// S1. One supervisor per endpoint: it holds the lease before it touches anything.
// S2. What a dead supervisor left (processes, socket, half-copied models) is cleared away first.
// S3. Changes to the endpoint run one after another.
// S4. A supervisor that has no model to serve and nothing to do ends.
// S5. A supervisor whose lease is gone (its folder was removed) ends, and all it started with it.
// S6. A rollout that a dead supervisor left is over: the earlier model has all traffic, until the request is repeated.
// S7. A deployment that is asked for again while it goes on is not done twice: both callers get its end.

import { mkdir } from 'node:fs/promises';
import { openControlServer, type ControlHandlers } from './control-server.js';
import { controlHandlers } from './control-handlers.js';
import { CONTROL_SOCKET, endpointFolder, type EndpointFolder } from './endpoint-folder.js';
import { readEndpointRecord, withoutRollout, writeEndpointRecord } from './endpoint-record.js';
import { Endpoint, type EndpointLimits } from './endpoint.js';
import { claimLease, type Lease } from './lease.js';
import { openPublicPort, type PortRange } from './public-port.js';
import type { ServingProgram } from './serving-process.js';
import { endStrayProcesses } from './stray-processes.js';

export interface SupervisorSettings {
  readonly name: string;
  /** The endpoint's folder. */
  readonly root: string;
  readonly program: ServingProgram;
  readonly portRange: PortRange;
  readonly limits: EndpointLimits;
}

const LEASE_CHECK_MS = 2_000;

/**
 * Runs an endpoint until it is told to stop.
 *
 * @param onReady called once the control socket listens
 * @returns false when another supervisor has the endpoint already
 * @throws E_DEPLOY when the endpoint's port is taken or its record is damaged
 */
export async function runSupervisor(
  settings: SupervisorSettings,
  onReady: () => void,
): Promise<boolean> {
  const folder = endpointFolder(settings.root);
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  const lease = await claimLease(folder.lease);
  if (lease === undefined) return false;
  try {
    await serveUntilStopped(await openEndpoint(settings, folder), lease, onReady);
  } finally {
    await lease.release().catch(() => undefined);
  }
  return true;
}

async function serveUntilStopped(
  endpoint: Endpoint,
  lease: Lease,
  onReady: () => void,
): Promise<void> {
  const { handlers, stopped } = controlHandlers(endpoint);
  process.once('SIGTERM', () => void handlers.stop());
  const watch = watchLease(lease, handlers);
  try {
    // The relative path fits the 104 bytes a socket address may have, whatever the folder's path.
    process.chdir(endpoint.folder.root);
    const control = await openControlServer(CONTROL_SOCKET, handlers);
    onReady();
    await stopped;
    await control.close();
  } finally {
    clearInterval(watch);
    await handlers.stop();
  }
}

/** S2 and S6, then the endpoint as it was. */
async function openEndpoint(
  settings: SupervisorSettings,
  folder: EndpointFolder,
): Promise<Endpoint> {
  await endStrayProcesses(folder.variants, settings.limits.stopGraceMs);
  const recorded = await readEndpointRecord(folder.record);
  const router = await openPublicPort(
    { name: settings.name, root: folder.root, recordedPort: recorded?.port },
    settings.portRange,
  );
  const fresh = { version: 1 as const, name: settings.name, port: router.port, promotions: [] };
  const record = recorded === undefined ? fresh : withoutRollout(recorded);
  if (recorded === undefined || recorded.rollout !== undefined) {
    await writeEndpointRecord(folder.record, record);
  }
  const { limits, program } = settings;
  const endpoint = new Endpoint({ folder, limits, router, record, program });
  await endpoint.forgetOtherVariants();
  endpoint.resume();
  return endpoint;
}

/** S5. */
function watchLease(lease: Lease, handlers: ControlHandlers): NodeJS.Timeout {
  return setInterval(() => {
    void lease.isHeld().then((isHeld) => (isHeld ? undefined : handlers.stop()));
  }, LEASE_CHECK_MS);
}
