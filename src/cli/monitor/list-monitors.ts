import type { MonitorSummary } from '../../client/index.js';
import type { CliContext } from '../cli-context.js';
import { table } from '../output/table.js';
import { openWorkplace, withSession } from '../session.js';

/** Prints the monitors, by endpoint. */
export async function listMonitors(context: CliContext): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const monitors = await withSession(context, workplace, true, ({ client }) =>
    client.monitors.list(),
  );
  output.json({ monitors });
  const heading = ['ENDPOINT', 'PIPELINE', 'STATUS', 'NEXT CHECK', 'CHECKS', 'RETRAINS', 'LAST'];
  const head = heading.map((word) => output.resultColors.dim(word));
  output.result(monitors.length === 0 ? 'No monitors.' : table([head, ...monitors.map(row)]));
}

function row(monitor: MonitorSummary): string[] {
  const { endpoint, pipeline, status, nextCheckAt = '', checks, retrains, lastReason } = monitor;
  return [endpoint, pipeline, status, nextCheckAt, `${checks}`, `${retrains}`, lastReason ?? ''];
}
