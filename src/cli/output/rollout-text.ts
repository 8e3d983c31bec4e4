import type { AlarmState, EndpointView } from '../../deploy/index.js';

const DIGEST_SHOWN = 19;

/** What there is to say about an endpoint's traffic: a split, where a rollout stands, or why the last one was ended. */
export function trafficLines({ name, split, rollout, lastRollback }: EndpointView): string[] {
  if (split !== undefined) {
    const { percent, modelDigest = 'a candidate' } = split;
    return [
      `${name}: split, ${Number(percent.toFixed(2))} % of requests to ${shortDigest(modelDigest)}`,
    ];
  }
  if (rollout !== undefined) {
    const { phase, percent, modelDigest, step, steps, requests, failed } = rollout;
    const heading = `${name}: ${phase} (${step} of ${steps}), ${percent} % of requests to ${shortDigest(modelDigest)}`;
    const counts = `${requests} answered, ${failed} failed`;
    return [heading, `  ${[counts, ...rollout.alarms.map(alarmText)].join('; ')}`];
  }
  if (lastRollback === undefined) return [];
  const { modelDigest, reason, at } = lastRollback;
  return [`${name}: ${shortDigest(modelDigest)} was rolled back at ${at}: ${reason}`];
}

function alarmText({ alarm, limit, value, state }: AlarmState): string {
  const isRate = alarm === 'errorRate';
  const label = isRate ? 'error rate' : 'latency p95';
  const unit = isRate ? '' : ' ms';
  const shown = value === undefined ? '-' : `${Number(value.toPrecision(3))}${unit}`;
  return `${label} ${shown}, limit ${limit}${unit}: ${state.replaceAll('_', ' ')}`;
}

function shortDigest(digest: string): string {
  return digest.slice(0, DIGEST_SHOWN);
}
