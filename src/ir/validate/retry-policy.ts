import { irFindings } from '../../errors/index.js';
import type { Report } from './report.js';
import type { TaskScope } from './scopes.js';

// 1,000 retries: more is a loop without end in disguise.
const MAX_RETRIES = 1_000;
// 7 days: longer waits belong into a schedule.
const MAX_WAIT_SECONDS = 7 * 24 * 3600;

/** Checks the numbers of a retry policy and of a loop's parallelism. */
export function checkRetryPolicy({ task, path }: TaskScope, report: Report): void {
  const check = (keys: readonly string[], value: number, max: number, unit = '') => {
    if (value >= 0 && value <= max) return;
    report(
      [...path, ...keys],
      irFindings.outOfRange(keys.at(-1)!, `${value}${unit}`, `0 to ${max}${unit}`),
    );
  };
  const {
    maxRetryCount = 0,
    backoffFactor = 0,
    backoffDuration,
    backoffMaxDuration,
  } = task.retryPolicy ?? {};
  check(['retryPolicy', 'maxRetryCount'], maxRetryCount, MAX_RETRIES);
  check(['retryPolicy', 'backoffFactor'], Number(backoffFactor), 1_000);
  check(['retryPolicy', 'backoffDuration'], seconds(backoffDuration), MAX_WAIT_SECONDS, 's');
  check(['retryPolicy', 'backoffMaxDuration'], seconds(backoffMaxDuration), MAX_WAIT_SECONDS, 's');
  // 0 is KFP's word for no limit.
  check(['iteratorPolicy', 'parallelismLimit'], task.iteratorPolicy?.parallelismLimit ?? 0, 10_000);
}

/** Protojson writes durations as decimal seconds with an `s`. */
function seconds(duration: string | undefined): number {
  return duration === undefined ? 0 : Number(duration.replace(/s$/, ''));
}
