// Our words for a schedule as Temporal's, and back.
//
// T1. What the user wrote is kept beside the action: the server turns cron expressions into calendars.

import type {
  ScheduleDescription,
  ScheduleOptions,
  ScheduleOverlapPolicy,
  ScheduleSpec,
} from '@temporalio/client';
import { PIPELINE_WORKFLOW, type RunInput } from '../../contract/index.js';
import { scheduleErrors } from '../../errors/index.js';
import { assertTimeZone } from '../../ir/scheduled-time/index.js';
import { readDuration, writeDuration } from './duration.js';
import { readCalendar } from './read-calendar.js';
import {
  DEFAULT_OVERLAP,
  OVERLAP_POLICIES,
  type OverlapPolicy,
  type ScheduleSettings,
  type ScheduleTimes,
} from './schedule-types.js';

/** In the memo of the action. */
const TIMES_MEMO = 'annealTimes';

/** Turns times into a spec. @throws E_USAGE, E_PARAM for an unknown zone */
export function temporalSpec(times: ScheduleTimes): ScheduleSpec {
  const { cron = [], every = [], calendars = [], timeZone = 'UTC', jitter } = times;
  if (cron.length + every.length + calendars.length === 0) {
    throw scheduleErrors.scheduleWithoutTimes();
  }
  assertTimeZone(timeZone);
  return {
    cronExpressions: cron.map(checkCron),
    intervals: every.map(readInterval),
    calendars: calendars.map(readCalendar),
    timezone: timeZone,
    ...(jitter === undefined ? {} : { jitter: readDuration(jitter, 'jitter') }),
  };
}

/** Five fields only: others would be read as seconds or years, which surprises. */
function checkCron(text: string): string {
  const fields = text.trim().split(/\s+/);
  const isWord = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(text.trim());
  if (fields.length === 5 || isWord) return text.trim();
  throw scheduleErrors.scheduleWordUnreadable(
    'cron expression',
    text,
    'five fields, minute hour day month weekday, such as "0 6 * * 1-5"; the zone goes to --tz',
  );
}

function readInterval(text: string): { every: number; offset?: number } {
  const [every = '', offset] = text.split('/');
  const everyMs = readDuration(every, 'interval');
  if (everyMs < 1000) {
    throw scheduleErrors.scheduleWordUnreadable('interval', text, 'at least one second');
  }
  return offset === undefined
    ? { every: everyMs }
    : { every: everyMs, offset: readDuration(offset, 'offset') };
}

/** The overlap policies of Temporal are ours in capitals. */
export function temporalOverlap(policy: OverlapPolicy): ScheduleOverlapPolicy {
  return policy.toUpperCase().replace('-', '_') as ScheduleOverlapPolicy;
}

export interface ActionRequest {
  /** The schedule's: Temporal adds the time to it. */
  readonly name: string;
  readonly taskQueue: string;
  readonly input: RunInput;
  readonly times: ScheduleTimes;
}

/** What Temporal starts at each time. */
export function temporalAction({
  name,
  taskQueue,
  input,
  times,
}: ActionRequest): ScheduleOptions['action'] {
  const pipeline = input.pipeline.name;
  return {
    type: 'startWorkflow',
    workflowType: PIPELINE_WORKFLOW,
    workflowId: name,
    taskQueue,
    staticSummary: pipeline,
    args: [input],
    memo: { pipeline, [TIMES_MEMO]: times },
  };
}

/** The limits of a schedule as Temporal's policies. @throws E_USAGE */
export function temporalPolicies(
  settings: Pick<ScheduleSettings, 'overlap' | 'catchupWindow' | 'pauseOnFailure'>,
): NonNullable<ScheduleOptions['policies']> {
  return {
    overlap: temporalOverlap(settings.overlap),
    catchupWindow: readDuration(settings.catchupWindow, 'catch-up window'),
    pauseOnFailure: settings.pauseOnFailure,
  };
}

/** Reads the settings of a schedule of ours back. */
export function settingsOf({
  spec,
  action,
  policies,
}: ScheduleDescription): ScheduleSettings & Pick<RunInput, 'pipeline'> {
  const [argument = {}] = (action.args ?? []) as unknown[];
  const input: RunInput =
    action.workflowType === PIPELINE_WORKFLOW
      ? (argument as RunInput)
      : { pipeline: { name: action.workflowType }, parameters: argument as RunInput['parameters'] };
  const { timeZone, ...options } = input.options ?? {};
  const kept = action.memo?.[TIMES_MEMO] as ScheduleTimes | undefined;
  const { name, version, digest } = input.pipeline;
  return {
    pipeline: input.pipeline,
    times: kept ?? { ...writtenTimes(spec), timeZone: timeZone ?? spec.timezone ?? 'UTC' },
    overlap: overlapOf(policies.overlap),
    catchupWindow: writeDuration(policies.catchupWindow),
    pauseOnFailure: policies.pauseOnFailure,
    parameters: input.parameters ?? {},
    options,
    follow:
      version === undefined && digest === undefined && !name.includes('@') ? 'latest' : 'pinned',
  };
}

/** Of a schedule made by another program: intervals as ours, calendars by their comments or as they are. */
function writtenTimes({
  intervals = [],
  calendars = [],
}: ScheduleDescription['spec']): ScheduleTimes {
  return {
    every: intervals.map(({ every, offset }) =>
      offset === 0 ? writeDuration(every) : `${writeDuration(every)}/${writeDuration(offset)}`,
    ),
    calendars: calendars.map((calendar) => calendar.comment ?? JSON.stringify(calendar)),
  };
}

function overlapOf(policy: ScheduleOverlapPolicy): OverlapPolicy {
  const word = policy?.toLowerCase().replace('_', '-');
  return OVERLAP_POLICIES.find((each) => each === word) ?? DEFAULT_OVERLAP;
}
