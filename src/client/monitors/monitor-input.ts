import type { CronTimes, MonitorInput, PipelineReference } from '../../contract/index.js';
import { clientErrors, monitorErrors } from '../../errors/index.js';
import { readDuration } from '../schedules/duration.js';
import { temporalSpec } from '../schedules/temporal-schedule.js';
import { DEFAULT_MONITOR, type MonitorRequest } from './monitor-request.js';

/**
 * What a request asks for, checked.
 *
 * @throws E_USAGE for a number, time or cron expression that is none; E_PARAM for an unknown zone
 */
export function monitorInput(request: MonitorRequest, pipeline: PipelineReference): MonitorInput {
  const { endpoint, options, captured } = request;
  const { coolDown, ...numbers } = { ...DEFAULT_MONITOR, ...given(request) };
  const { limit, minRows, captureShare } = numbers;
  if (captured !== undefined && !/^s3:\/\/[^/]+/.test(captured)) {
    throw monitorErrors.capturedAddressWrong(captured);
  }
  assertRange('limit', limit, limit > 0);
  assertRange('min-rows', minRows, Number.isInteger(minRows) && minRows > 0);
  assertRange('capture-share', captureShare, captureShare > 0 && captureShare <= 1);
  return {
    ...{ endpoint, pipeline, limit, minRows, captureShare },
    parameters: request.parameters ?? {},
    ...(options && { options }),
    ...(captured !== undefined && { captured }),
    ...timesOf(request),
    coolDownSeconds: readDuration(coolDown, 'cool-down') / 1000,
    startedAt: new Date().toISOString(),
  };
}

function timesOf({ every, cron, timeZone }: MonitorRequest): {
  readonly everySeconds?: number;
  readonly cron?: CronTimes;
} {
  const isCron = cron !== undefined && cron.length > 0;
  if (isCron ? every !== undefined : timeZone !== undefined) {
    throw monitorErrors.monitorTimesUnclear();
  }
  if (!isCron) {
    const everyMs = readDuration(every ?? DEFAULT_MONITOR.every, 'interval');
    return { everySeconds: Math.max(1, everyMs / 1000) };
  }
  const { cronExpressions = [], timezone = 'UTC' } = temporalSpec({ cron, timeZone });
  return { cron: { expressions: cronExpressions, timeZone: timezone } };
}

function given<Value extends object>(value: Value): Value {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined),
  ) as Value;
}

function assertRange(flag: string, value: number, isInRange: boolean): void {
  if (isInRange) return;
  throw clientErrors.usage(
    `${value} is no value for --${flag}.`,
    'A limit is above 0, min-rows a whole number above 0, capture-share above 0 and at most 1.',
  );
}
