import type { ScheduleDescription } from '@temporalio/client';
import type { RunStatus } from '../../contract/index.js';
import type { ScheduledRun, ScheduleView } from './schedule-types.js';
import { settingsOf } from './temporal-schedule.js';

const SHOWN_TIMES = 5;

/**
 * What is shown of a schedule.
 *
 * @param statusOf  how a run stands; undefined when it is not known any more
 */
export async function scheduleView(
  description: ScheduleDescription,
  statusOf: (runId: string) => Promise<RunStatus | undefined>,
): Promise<ScheduleView> {
  const { scheduleId: name, state, info } = description;
  const { pipeline, ...settings } = settingsOf(description);
  return {
    name,
    pipeline: pipeline.name,
    ...(pipeline.version === undefined ? {} : { version: pipeline.version }),
    ...(pipeline.digest === undefined ? {} : { digest: pipeline.digest }),
    ...settings,
    paused: state.paused,
    ...(state.note ? { note: state.note } : {}),
    ...(state.remainingActions === undefined ? {} : { remainingRuns: state.remainingActions }),
    nextTimes: state.paused
      ? []
      : info.nextActionTimes.slice(0, SHOWN_TIMES).map((time) => time.toISOString()),
    lastRuns: await lastRuns(info, statusOf),
    counts: {
      started: info.numActionsTaken,
      missedCatchupWindow: info.numActionsMissedCatchupWindow,
      skippedOverlap: info.numActionsSkippedOverlap,
    },
    createdAt: info.createdAt.toISOString(),
  };
}

async function lastRuns(
  { recentActions }: ScheduleDescription['info'],
  statusOf: (runId: string) => Promise<RunStatus | undefined>,
): Promise<ScheduledRun[]> {
  const runs = recentActions.map(
    async ({ scheduledAt, takenAt, action }): Promise<ScheduledRun> => {
      const runId = action.workflow.workflowId;
      const status = await statusOf(runId);
      return {
        runId,
        scheduledAt: scheduledAt.toISOString(),
        startedAt: takenAt.toISOString(),
        ...(status === undefined ? {} : { status }),
      };
    },
  );
  return (await Promise.all(runs)).reverse();
}
