// Starting a run of a schedule now.
//
// T1. The id of a scheduled run is the schedule's name and the second it was due, so there is one a second at most.

import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ScheduleDescription,
  ScheduleHandle,
  ScheduleOverlapPolicy,
} from '@temporalio/client';

// The scheduler takes a request within a fraction of a second; a busy server may need longer.
const PATIENCE_MS = 10_000;
const POLL_MS = 100;

/**
 * Triggers a schedule and waits until it has decided.
 *
 * @param before  the schedule as it was, to tell the new run from earlier ones
 * @returns the run's id; undefined when the overlap policy skipped or put it off
 */
export async function triggerSchedule(
  handle: ScheduleHandle,
  before: ScheduleDescription,
  overlap: ScheduleOverlapPolicy,
): Promise<string | undefined> {
  const known = new Set(runIdsOf(before));
  await untilFreeSecond(before, known);
  await handle.trigger(overlap);
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(POLL_MS)) {
    const now = await handle.describe();
    const started = runIdsOf(now).find((runId) => !known.has(runId));
    if (started !== undefined) return started;
    if (heldBack(now) > heldBack(before)) return undefined;
  }
  return undefined;
}

/** Waits until no run of this second can be there, started or put off (T1). */
async function untilFreeSecond(before: ScheduleDescription, known: Set<string>): Promise<void> {
  const firstId = idAt(before.scheduleId, new Date());
  const isTaken = known.has(firstId) || bufferSize(before) > 0;
  while (isTaken && idAt(before.scheduleId, new Date()) === firstId) await sleep(POLL_MS);
}

function idAt(name: string, time: Date): string {
  return `${name}-${time.toISOString().slice(0, 19)}Z`;
}

function runIdsOf({ info }: ScheduleDescription): string[] {
  return info.recentActions.map(({ action }) => action.workflow.workflowId);
}

/** How often the overlap policy has said "not now". */
function heldBack(description: ScheduleDescription): number {
  return description.info.numActionsSkippedOverlap + bufferSize(description);
}

function bufferSize({ raw }: ScheduleDescription): number {
  return Number(raw.info?.bufferSize ?? 0);
}
