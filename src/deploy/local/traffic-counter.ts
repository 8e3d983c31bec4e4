// What one variant answered, counted from real requests.
//
// T1. Only POST /invocations counts: pings and smoke tests are no traffic.
// T2. Failed: the answer was 5xx, or there was none because the variant broke off. A caller who goes away first
//     is counted apart: whose fault that was is not known, and only its waiting time enters the latencies.
// T3. Latencies are of the last 10,000 requests, from a request's arrival to the end of its answer.

export interface TrafficCounts {
  readonly requests: number;
  readonly failed: number;
  /** Callers that went away before the answer. */
  readonly abandoned: number;
  /** Answers by status; `none` where the variant broke off. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds; absent before the first request. */
  readonly latencyMs?: { readonly p50: number; readonly p95: number; readonly max: number };
}

/** How a request ended: with a status, without an answer, or without a caller. */
export type RequestEnd = number | 'none' | 'abandoned';

const LATENCIES_KEPT = 10_000;
const SERVER_ERROR = 500;

export class TrafficCounter {
  #requests = 0;
  #failed = 0;
  #abandoned = 0;
  readonly #statuses = new Map<string, number>();
  /** A ring: entry `n % LATENCIES_KEPT` is of request n. */
  readonly #latenciesMs: number[] = [];

  add(end: RequestEnd, latencyMs: number): void {
    this.#latenciesMs[this.#requests % LATENCIES_KEPT] = latencyMs;
    this.#requests += 1;
    if (end === 'abandoned') {
      this.#abandoned += 1;
      return;
    }
    if (end === 'none' || end >= SERVER_ERROR) this.#failed += 1;
    this.#statuses.set(String(end), (this.#statuses.get(String(end)) ?? 0) + 1);
  }

  counts(): TrafficCounts {
    return {
      requests: this.#requests,
      failed: this.#failed,
      abandoned: this.#abandoned,
      statuses: Object.fromEntries([...this.#statuses].sort(([a], [b]) => (a < b ? -1 : 1))),
      latencyMs: percentiles(this.#latenciesMs),
    };
  }
}

/** Nearest-rank percentiles: the smallest value that is not exceeded by the given share of all. */
function percentiles(latenciesMs: readonly number[]): TrafficCounts['latencyMs'] {
  if (latenciesMs.length === 0) return undefined;
  const ordered = Float64Array.from(latenciesMs).sort();
  const at = (share: number): number => rounded(ordered[Math.ceil(share * ordered.length) - 1]!);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

function rounded(latencyMs: number): number {
  return Math.round(latencyMs * 1000) / 1000;
}
