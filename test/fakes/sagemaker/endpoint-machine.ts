// The life of an endpoint, by the clock.
//
// T1. Creating -> InService | Failed. Updating -> InService with the new configuration, or InService
//     with the earlier one and a FailureReason, which the next update clears. Deleting -> gone.
// T2. Only an endpoint that is InService can be updated; only one at rest can be deleted.

import { validationError } from './api-error.js';
import type { Resource } from './resources.js';

export type EndpointState = 'Creating' | 'InService' | 'Updating' | 'Failed' | 'Deleting';

export interface Endpoint extends Resource {
  status: EndpointState;
  configName: string;
  pendingConfigName?: string;
  failureReason?: string;
  modifiedMs: number;
  /** When the state in progress ends. */
  endsMs?: number;
}

/** How long each state takes. */
export const STATE_MS = { Creating: 180_000, Updating: 240_000, Deleting: 60_000 };

/** Says why a configuration cannot come into service; undefined when it can. */
export type HealthCheck = (configName: string) => string | undefined;

export function beginUpdate(endpoint: Endpoint, configName: string, nowMs: number): void {
  if (endpoint.status === 'Failed') {
    throw validationError(`Cannot update endpoint "${endpoint.arn}" in status Failed.`);
  }
  if (endpoint.status !== 'InService') {
    throw validationError(`Cannot update in-progress endpoint "${endpoint.arn}".`);
  }
  endpoint.status = 'Updating';
  endpoint.pendingConfigName = configName;
  endpoint.failureReason = undefined;
  endpoint.modifiedMs = nowMs;
  endpoint.endsMs = nowMs + STATE_MS.Updating;
}

export function beginDelete(endpoint: Endpoint, nowMs: number): void {
  if (endpoint.status !== 'InService' && endpoint.status !== 'Failed') {
    throw validationError(`Cannot delete in-progress endpoint "${endpoint.arn}".`);
  }
  endpoint.status = 'Deleting';
  endpoint.endsMs = nowMs + STATE_MS.Deleting;
}

/** Ends a state whose time is up; false when the endpoint is gone with it. */
export function settleEndpoint(endpoint: Endpoint, nowMs: number, check: HealthCheck): boolean {
  if (endpoint.endsMs === undefined || nowMs < endpoint.endsMs) return true;
  if (endpoint.status === 'Deleting') return false;
  const wanted = endpoint.pendingConfigName ?? endpoint.configName;
  const reason = check(wanted);
  endpoint.modifiedMs = endpoint.endsMs;
  if (reason === undefined) endpoint.configName = wanted;
  endpoint.failureReason = reason;
  endpoint.status = endpoint.status === 'Creating' && reason !== undefined ? 'Failed' : 'InService';
  endpoint.pendingConfigName = undefined;
  endpoint.endsMs = undefined;
  return true;
}
