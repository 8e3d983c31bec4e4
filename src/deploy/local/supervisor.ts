// The process that owns one endpoint: router, serving processes, control socket.
//
// S1. One supervisor per endpoint: it holds the lease before it touches anything.
// S2. What a dead supervisor left (processes, socket, half-copied models) is cleared away first.
// S3. Changes to the endpoint run one after another.
// S4. A supervisor that has no model to serve and nothing to do ends.
// S5. A supervisor whose lease is gone (its folder was removed) ends, and all it started with it.

import { mkdir } from 'node:fs/promises';
import { deployErrors } from '../../errors/index.js';
import type { SupervisorStatus } from './control-protocol.js';
import { openControlServer, type ControlHandlers } from './control-server.js';
import { CONTROL_SOCKET, endpointFolder, type EndpointFolder } from './endpoint-folder.js';
import { readEndpointRecord, writeEndpointRecord } from './endpoint-record.js';
import { Endpoint, type EndpointLimits } from './endpoint.js';
import { claimLease, type Lease } from './lease.js';
import { promote, rollBack } from './promotion.js';
import { openPublicPort, type PortRange } from './public-port.js';
import { SerialQueue } from './serial-queue.js';
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

/** S2, then the endpoint as it was. */
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
  const record = recorded ?? {
    version: 1 as const,
    name: settings.name,
    port: router.port,
    promotions: [],
  };
  if (recorded === undefined) await writeEndpointRecord(folder.record, record);
  const { limits, program } = settings;
  const endpoint = new Endpoint({ folder, limits, router, record, program });
  await endpoint.forgetOtherVariants();
  endpoint.resume();
  return endpoint;
}

function controlHandlers(endpoint: Endpoint): {
  readonly handlers: ControlHandlers;
  readonly stopped: Promise<void>;
} {
  const queue = new SerialQueue();
  const inProgress = new Map<string, AbortController>();
  const cancel = (deployment: AbortController | undefined, why: string): void =>
    deployment?.abort(deployErrors.deploymentFailed(endpoint.record.name, why));
  let announceStopped: () => void;
  const stopped = new Promise<void>((resolve) => {
    announceStopped = resolve;
  });

  const stopAll = async (): Promise<void> => {
    for (const deployment of inProgress.values()) cancel(deployment, 'it was stopped');
    await queue.idle();
    await endpoint.close();
  };
  let stop: Promise<void> | undefined;
  const handlers: ControlHandlers = {
    acceptsChanges: () => stop === undefined,
    status: () => statusOf(endpoint, inProgress.size > 0),
    promote: async (candidate, progress) => {
      const deployment = inProgress.get(candidate.deploymentId) ?? new AbortController();
      inProgress.set(candidate.deploymentId, deployment);
      const context = { signal: deployment.signal, progress };
      return queue
        .run(() => promote(endpoint, candidate, context))
        .finally(() => {
          inProgress.delete(candidate.deploymentId);
          // S4: the first model failed its checks.
          const isNeeded = endpoint.record.current !== undefined || inProgress.size > 0;
          if (!isNeeded) void handlers.stop();
        });
    },
    rollback: (progress) =>
      queue.run(() => rollBack(endpoint, { signal: new AbortController().signal, progress })),
    cancel: async (deploymentId) => {
      cancel(inProgress.get(deploymentId), 'the deployment was canceled');
      await queue.idle();
    },
    stop: () => (stop ??= stopAll().finally(() => announceStopped())),
  };
  return { handlers, stopped };
}

function statusOf(endpoint: Endpoint, isChanging: boolean): SupervisorStatus {
  const { current, port } = endpoint.record;
  const isServing = endpoint.live?.keeper.upstream() !== undefined;
  return {
    pid: process.pid,
    port,
    status: isChanging ? 'updating' : isServing ? 'in_service' : 'failed',
    modelDigest: current?.modelDigest,
    runId: current?.runId,
    updatedAt: current?.promotedAt,
  };
}

/** S5. */
function watchLease(lease: Lease, handlers: ControlHandlers): NodeJS.Timeout {
  return setInterval(() => {
    void lease.isHeld().then((isHeld) => (isHeld ? undefined : handlers.stop()));
  }, LEASE_CHECK_MS);
}
