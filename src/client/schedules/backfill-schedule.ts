// Runs for past times of a schedule.
//
// B1. The id of a scheduled run is the schedule's name and its time, so a time that has been run is known by its id.
// B2. A time that has a run is never asked for again: a run's id belongs to its first start.

import type { Client } from '@temporalio/client';
import { clientErrors } from '../../errors/index.js';
import { isRunClaimed } from '../../lineage/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import type { BackfillTime, OverlapPolicy } from './schedule-types.js';
import { temporalOverlap } from './temporal-schedule.js';

export interface BackfillRange {
  readonly from: Date;
  /** Included. */
  readonly to: Date;
  /** Default buffer-all: one after the other. */
  readonly overlap?: OverlapPolicy;
  /** Only tells the times. */
  readonly dryRun?: boolean;
}

interface Target {
  readonly temporal: Client;
  readonly store: ArtifactStore;
  readonly name: string;
}

// The server buffers at most 1,000 actions of a schedule (its maxBufferSize) and drops what is beyond.
const MAX_TIMES = 1000;

/** Starts the runs of a range of times (B2). @throws E_USAGE */
export async function backfillSchedule(
  target: Target,
  range: BackfillRange,
): Promise<readonly BackfillTime[]> {
  const times = await timesOf(target, range);
  const planned = await Promise.all(times.map((time) => planOf(target, time)));
  const wanted = planned.filter(({ state }) => state === 'planned');
  if (range.dryRun === true || wanted.length === 0) return planned;
  const overlap = temporalOverlap(range.overlap ?? 'buffer-all');
  await target.temporal.schedule.getHandle(target.name).backfill(
    wanted.map(({ scheduledAt }) => ({
      start: new Date(scheduledAt),
      end: new Date(scheduledAt),
      overlap,
    })),
  );
  return planned.map((time) => (time.state === 'planned' ? { ...time, state: 'started' } : time));
}

async function timesOf({ temporal, name }: Target, { from, to }: BackfillRange): Promise<Date[]> {
  if (!(from.getTime() <= to.getTime())) {
    throw clientErrors.usage(
      'The range ends before it begins.',
      'Give --from before --to, as 2026-01-31 or 2026-01-31T06:00:00Z.',
    );
  }
  const { startTime } = await temporal.workflowService.listScheduleMatchingTimes({
    namespace: temporal.options.namespace,
    scheduleId: name,
    startTime: timestamp(from.getTime() - 1), // the server leaves the begin out
    endTime: timestamp(to.getTime()),
  });
  if (startTime.length > MAX_TIMES) {
    throw clientErrors.usage(
      `The range holds ${startTime.length} times; ${MAX_TIMES} can be made up for at once.`,
      'Give a shorter range, and the next one when its runs have ended.',
    );
  }
  return startTime.map(({ seconds }) => new Date(Number(seconds) * 1000));
}

async function planOf({ store, name }: Target, time: Date): Promise<BackfillTime> {
  const scheduledAt = time.toISOString().replace('.000Z', 'Z');
  const runId = `${name}-${scheduledAt}`; // B1
  const state = (await isRunClaimed(store, runId)) ? 'known' : 'planned';
  return { scheduledAt, runId, state };
}

function timestamp(milliseconds: number): { seconds: never; nanos: number } {
  const seconds = Math.floor(milliseconds / 1000);
  // The generated type asks for Long; a number is taken as well.
  return { seconds: seconds as never, nanos: (milliseconds - seconds * 1000) * 1e6 };
}
