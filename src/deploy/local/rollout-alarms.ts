// The alarms of a rollout, from what the new model answered.
//
// A1. Fewer requests than minRequests say nothing; a tie with a limit is no alarm.
// A2. A reason gives the numbers that led to it.

import type { RolloutAlarms } from '../../contract/index.js';
import type { AlarmState } from '../rollout-state.js';
import type { TrafficCounts } from './traffic-counter.js';

/** How each alarm that has a limit stands. */
export function alarmStates(alarms: RolloutAlarms, counts: TrafficCounts): AlarmState[] {
  const { requests, failed, latencyMs } = counts;
  const values = {
    errorRate: requests === 0 ? undefined : failed / requests,
    latencyP95Ms: latencyMs?.p95,
  };
  return (['errorRate', 'latencyP95Ms'] as const).flatMap((alarm) => {
    const limit = alarms[alarm];
    const value = values[alarm];
    if (limit === undefined) return [];
    const isKnown = value !== undefined && requests >= alarms.minRequests;
    const state = !isKnown ? 'insufficient_data' : value > limit ? 'alarm' : 'ok';
    return [{ alarm, limit, value, state } as const];
  });
}

/** Why the rollout must end, in words; undefined while no alarm has gone off. */
export function whyAlarmed(
  alarms: RolloutAlarms,
  counts: TrafficCounts,
  phase: string,
): string | undefined {
  const gone = alarmStates(alarms, counts).find(({ state }) => state === 'alarm');
  return gone && `${comparison(gone)} over ${counts.requests} requests in ${phase}`;
}

function comparison({ alarm, value, limit }: AlarmState): string {
  const shown = shortly(value!, limit);
  return alarm === 'errorRate'
    ? `error rate ${shown} > ${limit}`
    : `latency p95 ${shown} ms > ${limit} ms`;
}

/** Three digits, unless they hide that the value is above the limit. */
function shortly(value: number, limit: number): number {
  const short = Number(value.toPrecision(3));
  return short > limit ? short : value;
}
