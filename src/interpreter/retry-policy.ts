import type { ErrorCode } from '../errors/index.js';
import type { PipelineTaskSpecJson } from '../ir/index.js';

/** Failures of user code: the only ones a task's retryPolicy applies to. */
const RETRIED_BY_POLICY: readonly ErrorCode[] = [
  'E_TASK_EXIT',
  'E_TASK_SIGNAL',
  'E_TASK_MEMORY',
  'E_TASK_TIMEOUT',
];

// KFP's defaults and limit: api/v2alpha1/pipeline_spec.proto, PipelineTaskSpec.RetryPolicy.
const DEFAULT_FACTOR = 2;
const DEFAULT_MAX_SECONDS = 3600;

/**
 * Milliseconds to wait before the next try, or undefined when there is none.
 *
 * @param attempt  the try that failed, from 1
 */
export function retryDelayMs(
  task: PipelineTaskSpecJson,
  attempt: number,
  code: ErrorCode,
): number | undefined {
  const policy = task.retryPolicy;
  if (!RETRIED_BY_POLICY.includes(code)) return undefined;
  if (attempt > (policy?.maxRetryCount ?? 0)) return undefined;
  const first = durationSeconds(policy?.backoffDuration) ?? 0;
  const limit = durationSeconds(policy?.backoffMaxDuration) ?? DEFAULT_MAX_SECONDS;
  const factor = Number(policy?.backoffFactor ?? DEFAULT_FACTOR);
  return Math.round(Math.min(first * factor ** (attempt - 1), limit) * 1000);
}

/** Reads a protobuf JSON duration, `1.5s`, in seconds. */
export function durationSeconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseFloat(text);
}
