import type { RolloutState } from '../rollout-state.js';
import type { SupervisorStatus } from './control-protocol.js';
import type { RolledBack } from './endpoint-record.js';
import type { Endpoint } from './endpoint.js';
import { alarmStates } from './rollout-alarms.js';

/** How an endpoint is now, for the answer of GET /status. */
export function statusOf(endpoint: Endpoint, isChanging: boolean): SupervisorStatus {
  const { current, port } = endpoint.record;
  const isServing = endpoint.live?.keeper.upstream() !== undefined;
  return {
    pid: process.pid,
    port,
    status: isChanging ? 'updating' : isServing ? 'in_service' : 'failed',
    modelDigest: current?.modelDigest,
    runId: current?.runId,
    updatedAt: current?.promotedAt,
    rollout: rolloutState(endpoint),
    lastRollback: lastRollback(endpoint),
  };
}

function rolloutState({ record: { rollout }, green }: Endpoint): RolloutState | undefined {
  if (rollout === undefined || green === undefined) return undefined;
  const { variant, alarms, ...position } = rollout;
  const { deploymentId, runId, modelDigest } = variant;
  const counts = green.counter.counts();
  const { requests, failed } = counts;
  return {
    ...{ deploymentId, runId, modelDigest },
    ...position,
    ...{ requests, failed },
    alarms: alarmStates(alarms, counts),
  };
}

function lastRollback({ record }: Endpoint): SupervisorStatus['lastRollback'] {
  const last: RolledBack | undefined = record.rolledBack?.at(-1);
  if (last === undefined || last.at < (record.current?.promotedAt ?? '')) return undefined;
  const { modelDigest, reason, at } = last;
  return { modelDigest, reason, at };
}
