import type { JsonObject } from '../../util/index.js';
import type { TrafficShare } from './choose-share.js';
import { callLoopback } from './loopback-call.js';

const STATS_TIMEOUT_MS = 5_000;

/**
 * The answer of GET /stats: what the main model counts itself, and `variants`: what each model that has traffic
 * answered through the router.
 */
export async function statsOf(
  main: TrafficShare,
  shares: readonly TrafficShare[],
): Promise<JsonObject> {
  const variants = shares.map(({ upstream: { modelDigest }, percent, counter }) => {
    const { statuses, latencyMs, ...counts } = counter.counts();
    return { modelDigest, percent, ...counts, statuses, ...(latencyMs && { latencyMs }) };
  });
  return { ...(await ownStats(main.upstream.port)), variants };
}

async function ownStats(port: number): Promise<JsonObject> {
  try {
    const call = { port, method: 'GET', path: '/stats', timeoutMs: STATS_TIMEOUT_MS } as const;
    const own: unknown = JSON.parse((await callLoopback(call)).body);
    return typeof own === 'object' && own !== null ? (own as JsonObject) : {};
  } catch {
    return {};
  }
}
