import type { MonitorRound, MonitorView } from '../../contract/index.js';
import type { CliContext } from '../cli-context.js';
import { table } from '../output/table.js';
import { timesText, zonedTime } from '../schedules/schedule-text.js';
import { openWorkplace, withSession } from '../session.js';

const ROUNDS_SHOWN = 10;

/** Prints one monitor and its last checks. @throws E_NOT_FOUND with the nearest name */
export async function showMonitor(context: CliContext, endpoint: string): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  await withSession(context, workplace, true, async ({ client }) => {
    const view = await client.monitors.show(endpoint);
    output.json({ ...view });
    output.result(monitorText(view));
  });
}

function monitorText(view: MonitorView): string {
  const { endpoint, status, pipeline, limit, minRows, state } = view;
  const settings = [
    ['endpoint', endpoint],
    ['status', status],
    ['pipeline', `${pipeline.name}@${pipeline.version ?? 'latest'}`],
    ['limit', `${limit}, over ${minRows} rows`],
    ['when', whenText(view)],
    ['cool-down', `${view.coolDownSeconds} s`],
    ...nextRows(view),
    ['checks', `${state.checks}, of which ${state.retrains} began a retraining`],
  ];
  const rounds = state.rounds.slice(-ROUNDS_SHOWN).map(roundRow);
  return [table(settings), ...(rounds.length === 0 ? [] : ['', table(rounds)])].join('\n');
}

function whenText({ everySeconds, cron }: MonitorView): string {
  if (cron === undefined) return `every ${everySeconds} s`;
  return timesText({ cron: cron.expressions, timeZone: cron.timeZone });
}

/** In the zone of cron times. */
function nextRows({ nextCheckAt, nextChecks, cron }: MonitorView): string[][] {
  if (nextChecks === undefined) return [['next check', nextCheckAt ?? '-']];
  const times = nextChecks.map((time) => zonedTime(time, cron?.timeZone));
  return times.map((time, index) => [index === 0 ? 'next check' : '', time]);
}

function roundRow({ check, at, verdict, reason, retrain }: MonitorRound): string[] {
  const run =
    retrain === undefined ? '' : `${retrain.runId} ${retrain.deployment ?? retrain.status}`;
  return [`${check}`, at, verdict.replaceAll('_', ' '), reason, run];
}
