// What a supervisor does for each command; its header (S3, S4, S7) gives the rules.

import type { DeploymentView } from '../../contract/index.js';
import { deployErrors } from '../../errors/index.js';
import type { Candidate } from './control-protocol.js';
import type { ControlHandlers } from './control-server.js';
import type { Endpoint } from './endpoint.js';
import { promote, rollBack } from './promotion.js';
import { REAL_CLOCK } from './real-clock.js';
import { SerialQueue } from './serial-queue.js';
import { statusOf } from './supervisor-status.js';

/** A deployment from its request to its end. */
interface Deployment {
  readonly canceled: AbortController;
  /** Aborted when an operator wants the earlier model back. */
  readonly ended: AbortController;
  /** All who wait for it. */
  readonly listeners: Set<(state: string) => void>;
  readonly result: Promise<DeploymentView>;
}

/** Makes the commands of one endpoint, and the promise of its end. */
export function controlHandlers(endpoint: Endpoint): {
  readonly handlers: ControlHandlers;
  readonly stopped: Promise<void>;
} {
  const queue = new SerialQueue();
  const inProgress = new Map<string, Deployment>();
  let announceStopped: () => void;
  const stopped = new Promise<void>((resolve) => {
    announceStopped = resolve;
  });
  const cancel = (deployment: Deployment | undefined, why: string): void =>
    deployment?.canceled.abort(deployErrors.deploymentFailed(endpoint.record.name, why));

  const begin = (candidate: Candidate): Deployment => {
    const { deploymentId } = candidate;
    const controllers = { canceled: new AbortController(), ended: new AbortController() };
    const listeners = new Set<(state: string) => void>();
    const context = {
      signal: controllers.canceled.signal,
      ended: controllers.ended.signal,
      progress: (state: string) => listeners.forEach((listener) => listener(state)),
      clock: REAL_CLOCK,
    };
    const result = queue
      .run(() => promote(endpoint, candidate, context))
      .finally(() => {
        inProgress.delete(deploymentId);
        // S4: the first model failed its checks.
        const isNeeded = endpoint.record.current !== undefined || inProgress.size > 0;
        if (!isNeeded) void handlers.stop();
      });
    const deployment = { ...controllers, listeners, result };
    inProgress.set(deploymentId, deployment);
    return deployment;
  };

  const stopAll = async (): Promise<void> => {
    for (const deployment of inProgress.values()) cancel(deployment, 'it was stopped');
    await queue.idle();
    await endpoint.close();
  };
  let stop: Promise<void> | undefined;
  const handlers: ControlHandlers = {
    acceptsChanges: () => stop === undefined,
    status: () => statusOf(endpoint, inProgress.size > 0),
    promote: (candidate, progress) => {
      const deployment = inProgress.get(candidate.deploymentId) ?? begin(candidate); // S7
      deployment.listeners.add(progress);
      return deployment.result;
    },
    rollback: async (progress) => {
      const { rollout } = endpoint.record;
      const rolling = rollout && inProgress.get(rollout.variant.deploymentId);
      if (rolling !== undefined) return endRollout(endpoint, rolling);
      const never = new AbortController().signal;
      const context = { signal: never, ended: never, progress, clock: REAL_CLOCK };
      return queue.run(() => rollBack(endpoint, context));
    },
    cancel: async (deploymentId) => {
      cancel(inProgress.get(deploymentId), 'the deployment was canceled');
      await queue.idle();
    },
    capture: (share) => endpoint.captureShare(share),
    stop: () => (stop ??= stopAll().finally(() => announceStopped())),
  };
  return { handlers, stopped };
}

/** The way back from a rollout that goes on is to end it; the answer names the model that serves then. */
async function endRollout(
  endpoint: Endpoint,
  { ended, result }: Deployment,
): Promise<DeploymentView> {
  ended.abort();
  await result.catch(() => undefined);
  const { name, current } = endpoint.record;
  const modelDigest = current?.modelDigest;
  return { status: 'promoted', endpoint: name, url: endpoint.url, modelDigest };
}
