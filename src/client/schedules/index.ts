export type { BackfillRange } from './backfill-schedule.js';
export { OVERLAP_POLICIES } from './schedule-types.js';
export type {
  BackfillTime,
  OverlapPolicy,
  ScheduleChange,
  ScheduledRun,
  ScheduleRequest,
  ScheduleSettings,
  ScheduleTimes,
  ScheduleView,
} from './schedule-types.js';
export { Schedules } from './schedules.js';
