import type { OverlapPolicy, ScheduleChange, ScheduleTimes } from '../../client/index.js';

/** The settings of a schedule as flags give them. */
export interface ScheduleFlags {
  readonly cron?: readonly string[];
  readonly every?: readonly string[];
  readonly calendar?: readonly string[];
  readonly tz?: string;
  readonly jitter?: string;
  readonly overlap?: OverlapPolicy;
  readonly catchupWindow?: string;
  readonly pauseOnFailure?: boolean;
  readonly pin?: boolean;
  readonly followLatest?: boolean;
  readonly param?: readonly string[];
  readonly paramsFile?: string;
  /** false with --no-cache. */
  readonly cache: boolean;
  readonly maxRuns?: number;
  /** Of update only. */
  readonly pipeline?: string;
}

/** The times that the flags name, beside those of before; new times of a kind replace all old times. */
export function timesOf(flags: ScheduleFlags, before: ScheduleTimes = {}): ScheduleTimes {
  const { cron, every, calendar, tz, jitter } = flags;
  const isNew = [cron, every, calendar].some((each) => each !== undefined);
  const { cron: oldCron, every: oldEvery, calendars: oldCalendars } = before;
  const times = isNew
    ? { cron, every, calendars: calendar }
    : { cron: oldCron, every: oldEvery, calendars: oldCalendars };
  return withoutUndefined({
    ...times,
    timeZone: tz ?? before.timeZone,
    jitter: jitter ?? before.jitter,
  });
}

/** Whether the flags say anything about the times. */
export function namesTimes({ cron, every, calendar, tz, jitter }: ScheduleFlags): boolean {
  return [cron, every, calendar, tz, jitter].some((each) => each !== undefined);
}

/** What the flags say beside times and parameters. */
export function settingsOf(flags: ScheduleFlags): Omit<ScheduleChange, 'pipeline'> {
  const { overlap, catchupWindow, pauseOnFailure, pin, followLatest, maxRuns } = flags;
  const follow = followLatest === true ? 'latest' : pin === true ? 'pinned' : undefined;
  return withoutUndefined({ overlap, catchupWindow, pauseOnFailure, follow, maxRuns });
}

function withoutUndefined<Value extends object>(value: Value): Value {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries) as Value;
}
