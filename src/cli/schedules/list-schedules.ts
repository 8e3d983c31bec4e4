import type { ScheduleView } from '../../client/index.js';
import type { CliContext } from '../cli-context.js';
import { statusWord } from '../live/status-mark.js';
import type { Output } from '../output/output.js';
import { table } from '../output/table.js';
import { openWorkplace, withSession } from '../session.js';
import { timesText, zonedTime } from './schedule-text.js';

/** Prints the schedules of pipelines, by name. */
export async function listSchedules(context: CliContext): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const schedules = await withSession(context, workplace, false, ({ client }) =>
    client.schedules.list(),
  );
  output.json({ schedules });
  output.result(
    schedules.length === 0 ? 'No schedules.' : schedulesTable(schedules, output.resultColors),
  );
}

function schedulesTable(schedules: readonly ScheduleView[], colors: Output['colors']): string {
  const heading = ['SCHEDULE', 'PIPELINE', 'WHEN', 'NEXT', 'LAST'].map((word) => colors.dim(word));
  return table([heading, ...schedules.map((schedule) => row(schedule, colors))]);
}

function row(schedule: ScheduleView, colors: Output['colors']): string[] {
  const { name, pipeline, version, times, paused, nextTimes, lastRuns } = schedule;
  const [next] = nextTimes;
  const status = lastRuns[0]?.status;
  return [
    name,
    version === undefined ? `${pipeline} (latest)` : `${pipeline}@${version}`,
    timesText(times),
    paused ? colors.yellow('paused') : next === undefined ? '' : zonedTime(next, times.timeZone),
    status === undefined ? '' : statusWord(status, colors),
  ];
}
