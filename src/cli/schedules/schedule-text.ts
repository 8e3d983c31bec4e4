// A schedule in words.

import type { ScheduledRun, ScheduleTimes, ScheduleView } from '../../client/index.js';
import { statusMark, statusWord } from '../live/status-mark.js';
import type { Output } from '../output/output.js';
import { table } from '../output/table.js';
import { timeText } from '../output/time-text.js';

type Colors = Output['colors'];

/** Settings, next times in the schedule's zone, last runs. */
export function scheduleText(view: ScheduleView, colors: Colors): string {
  const { name, overlap, catchupWindow, pauseOnFailure, remainingRuns, counts, note } = view;
  const state = view.paused ? colors.yellow('paused') : colors.green('active');
  const facts = [
    ['state', `${state}${note === undefined ? '' : ` (${note})`}`],
    ['version', versionText(view)],
    ['when', timesText(view.times)],
    ['overlap', overlap],
    ['catch-up', `within ${catchupWindow}; what was missed for longer is dropped`],
    ['on failure', pauseOnFailure ? 'pauses' : 'goes on'],
    ...(remainingRuns === undefined ? [] : [['runs left', String(remainingRuns)]]),
    ...Object.entries(view.parameters).map(([parameter, value]) => [
      `-p ${parameter}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
    ...view.nextTimes.map((time, index) => [
      index === 0 ? 'next' : '',
      zonedTime(time, view.times.timeZone),
    ]),
    [
      'so far',
      `${counts.started} started, ${counts.skippedOverlap} skipped, ${counts.missedCatchupWindow} dropped`,
    ],
  ];
  const runs = view.lastRuns.map((run) => runRow(run, colors));
  return [
    colors.bold(name),
    indent(table(facts)),
    ...(runs.length === 0 ? [] : ['', colors.dim('  last runs'), indent(table(runs))]),
  ].join('\n');
}

/** Where the embedded server fires schedules, and where not. */
export function embeddedNote({ catchupWindow }: ScheduleView): string {
  return (
    'This schedule lives in the embedded server: it fires only while that is up, so keep "anneal dev" running. ' +
    `When it is up again, runs missed within ${catchupWindow} are made up for, older ones are dropped.`
  );
}

/** `ml-training-pipeline@3 (pinned, sha256:0123456789ab)` */
export function versionText({ pipeline, version, digest, follow }: ScheduleView): string {
  if (follow === 'latest') return `${pipeline}, the newest version at each run (follows latest)`;
  const chosen = version === undefined ? pipeline : `${pipeline}@${version}`;
  return `${chosen} (pinned${digest === undefined ? '' : `, ${digest.slice(0, 19)}`})`;
}

/** All times in one line. */
export function timesText({
  cron = [],
  every = [],
  calendars = [],
  ...zone
}: ScheduleTimes): string {
  const { timeZone = 'UTC', jitter } = zone;
  const words = [
    ...cron.map((each) => `cron ${each}`),
    ...every.map((each) => `every ${each}`),
    ...calendars,
  ];
  return `${words.join('; ')} (${timeZone})${jitter === undefined ? '' : `, up to ${jitter} later`}`;
}

/** `Mon 2026-11-30 06:00:00 GMT+1` */
export function zonedTime(iso: string, timeZone = 'UTC'): string {
  const parts = new Map(
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    })
      .formatToParts(new Date(iso))
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const date = `${of('year')}-${of('month')}-${of('day')}`;
  const clock = `${of('hour')}:${of('minute')}:${of('second')}`;
  return `${of('weekday').replace('.', '')} ${date} ${clock} ${of('timeZoneName')}`;
}

function runRow({ runId, status, startedAt }: ScheduledRun, colors: Colors): string[] {
  return [
    status === undefined ? '' : statusMark(status, colors),
    runId,
    status === undefined ? 'not known any more' : statusWord(status, colors),
    timeText(startedAt),
  ];
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
