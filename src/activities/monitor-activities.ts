import { Context } from '@temporalio/activity';
import type { MonitorActivities } from '../contract/index.js';
import { deployErrors, isAnnealError } from '../errors/index.js';
import { checkDrift, recordRound } from '../monitoring/index.js';
import type { ActivityParts } from './activity-parts.js';
import { toFailure } from './to-failure.js';

/** Makes the activities of monitors. */
export function createMonitorActivities(parts: ActivityParts): MonitorActivities {
  const { store, deployer, driftTools: tools } = parts;
  return {
    checkDrift: (request) =>
      mapped(checkDrift({ store, deployer, tools }, request, Context.current().cancellationSignal)),
    captureRequests: ({ endpoint, share }) => mapped(capture(parts, endpoint, share)),
    recordRound: (record) => mapped(recordRound(store, record)),
  };
}

/** A target that captures by itself is left alone. */
async function capture({ deployer }: ActivityParts, name: string, share: number): Promise<void> {
  const endpoints = await deployer.list();
  if (!endpoints.some((endpoint) => endpoint.name === name))
    throw deployErrors.endpointNotFound(name);
  await deployer.capture?.(name, share);
}

async function mapped<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!isAnnealError(error)) Context.current().cancellationSignal.throwIfAborted();
    throw toFailure(error);
  }
}
