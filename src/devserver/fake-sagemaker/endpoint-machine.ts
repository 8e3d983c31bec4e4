// The life of an endpoint, by the clock.
//
// T1. Creating -> InService | Failed. Updating -> InService with the new configuration, or InService
//     with the earlier one and a FailureReason, which the next update clears. Deleting -> gone.
// T2. Only an endpoint that is InService can be updated; only one at rest can be deleted.
// T3. An alarm that rings while traffic moves or the new fleet bakes: RollingBack, all traffic with the earlier fleet
//     at once, then InService as in T1.
// T4. Time never overtakes a model that is still starting: the machine waits for it.
// T5. A change of weights is Updating too, without another fleet: its end brings the weights into force.

import { validationError } from './api-error.js';
import { FLEET_MS, type DeploymentConfig, type Stage } from './deployment-config.js';
import type { Fleet } from './fleet.js';
import type { Resource } from './resources.js';

export type EndpointState =
  'Creating' | 'InService' | 'Updating' | 'RollingBack' | 'Failed' | 'Deleting';

export interface Update {
  readonly fleet: Fleet;
  readonly alarmNames: readonly string[];
  readonly startedMs: number;
  /** The one in progress is the first. */
  stages: readonly Stage[];
  /** When the stage in progress began. */
  stageMs: number;
}

export interface Endpoint extends Resource {
  status: EndpointState;
  /** Serves, or is to serve when it is Creating. */
  fleet: Fleet;
  update?: Update;
  failureReason?: string;
  modifiedMs: number;
  lastDeployment?: DeploymentConfig;
  /** When Creating, RollingBack or Deleting ends, or the change of weights that is Updating. */
  endsMs?: number;
}

export const STATE_MS = { Creating: 180_000, Deleting: 60_000, reweighing: 60_000 };

/** What an endpoint depends on. */
export interface Surroundings {
  /** Says why a configuration cannot come into service; undefined when it can. */
  whyUnhealthy(fleet: Fleet): Promise<string | undefined>;
  /** The first of some alarms that rings within a time, and since when. */
  ringing(
    names: readonly string[],
    untilMs: number,
  ): { readonly name: string; readonly sinceMs: number } | undefined;
}

export function beginUpdate(
  endpoint: Endpoint,
  update: Pick<Update, 'fleet' | 'alarmNames' | 'stages'>,
  nowMs: number,
): void {
  endpoint.status = 'Updating';
  endpoint.failureReason = undefined;
  endpoint.modifiedMs = nowMs;
  endpoint.update = { ...update, startedMs: nowMs, stageMs: nowMs };
}

/** T5. */
export function beginReweighing(
  endpoint: Endpoint,
  weights: ReadonlyMap<string, number>,
  nowMs: number,
): void {
  endpoint.status = 'Updating';
  endpoint.failureReason = undefined;
  endpoint.modifiedMs = nowMs;
  endpoint.endsMs = nowMs + STATE_MS.reweighing;
  endpoint.fleet.beginReweighing(weights);
}

/** @throws ApiError (T2) */
export function assertUpdatable({ status, arn }: Endpoint): void {
  if (status === 'InService') return;
  throw validationError(
    status === 'Failed'
      ? `Cannot update endpoint "${arn}" in status Failed.`
      : `Cannot update in-progress endpoint "${arn}".`,
  );
}

export function beginDelete(endpoint: Endpoint, nowMs: number): void {
  if (endpoint.status !== 'InService' && endpoint.status !== 'Failed') {
    throw validationError(`Cannot delete in-progress endpoint "${endpoint.arn}".`);
  }
  endpoint.status = 'Deleting';
  endpoint.endsMs = nowMs + STATE_MS.Deleting;
}

/** Share of the traffic that the fleet of an update gets, percent. */
export function newShare({ status, update }: Endpoint): number {
  return status === 'Updating' ? (update?.stages[0]?.share ?? 0) : 0;
}

/** Brings an endpoint to the present; false when it is gone. */
export async function settleEndpoint(
  endpoint: Endpoint,
  nowMs: number,
  around: Surroundings,
): Promise<boolean> {
  if (endpoint.update !== undefined) await settleUpdate(endpoint, nowMs, around);
  if (endpoint.endsMs === undefined || nowMs < endpoint.endsMs) return true;
  if (endpoint.status === 'Deleting') {
    await endpoint.fleet.stop();
    return false;
  }
  if (endpoint.status === 'Updating') endpoint.fleet.finishReweighing();
  const isNew = endpoint.status === 'Creating';
  const problem = isNew ? await around.whyUnhealthy(endpoint.fleet) : undefined;
  // After a rollback the reason stays.
  if (isNew) endpoint.failureReason = problem;
  endpoint.status = problem === undefined ? 'InService' : 'Failed';
  endpoint.modifiedMs = endpoint.endsMs;
  endpoint.endsMs = undefined;
  return true;
}

async function settleUpdate(
  endpoint: Endpoint,
  nowMs: number,
  around: Surroundings,
): Promise<void> {
  const update = endpoint.update!;
  for (;;) {
    const [stage, ...later] = update.stages;
    if (stage === undefined) return finishUpdate(endpoint, update.stageMs);
    const endsMs = update.stageMs + stage.lastsMs;
    if (stage.isWatched) {
      const alarm = around.ringing(update.alarmNames, Math.min(nowMs, endsMs));
      if (alarm !== undefined) return rollBack(endpoint, alarm, update.stageMs);
    }
    if (nowMs < endsMs) return;
    if (stage.name === 'provisioning') {
      const problem = await around.whyUnhealthy(update.fleet);
      if (problem !== undefined) return failUpdate(endpoint, problem, endsMs);
    }
    update.stages = later;
    // T4: traffic moves, and alarms watch, from when there is a model to watch.
    update.stageMs = Math.max(endsMs, update.fleet.readyAtMs ?? endsMs);
  }
}

async function finishUpdate(endpoint: Endpoint, atMs: number): Promise<void> {
  const earlier = endpoint.fleet;
  endpoint.fleet = endpoint.update!.fleet;
  endpoint.update = undefined;
  endpoint.status = 'InService';
  endpoint.modifiedMs = atMs;
  await earlier.stop();
}

/** T1. */
async function failUpdate(endpoint: Endpoint, reason: string, atMs: number): Promise<void> {
  const { fleet } = endpoint.update!;
  endpoint.update = undefined;
  endpoint.status = 'InService';
  endpoint.failureReason = reason;
  endpoint.modifiedMs = atMs;
  await fleet.stop();
}

/** T3. The words are this fake's: AWS documents none. */
async function rollBack(
  endpoint: Endpoint,
  alarm: { readonly name: string; readonly sinceMs: number },
  stageMs: number,
): Promise<void> {
  const { fleet } = endpoint.update!;
  endpoint.update = undefined;
  endpoint.status = 'RollingBack';
  endpoint.failureReason = `The deployment was rolled back because the CloudWatch alarm "${alarm.name}" is in state ALARM.`;
  endpoint.endsMs = Math.max(alarm.sinceMs, stageMs) + FLEET_MS.rollingBack;
  await fleet.stop();
}
