import type { ListOptions, RunSummary } from '../client/index.js';
import { formatDuration } from '../util/index.js';
import type { CliContext } from './cli-context.js';
import { stateWord } from './live/run-state.js';
import { statusMark } from './live/status-mark.js';
import type { Output } from './output/output.js';
import { table } from './output/table.js';
import { timeText } from './output/time-text.js';
import { openWorkplace, withSession } from './session.js';

export type RunsOptions = ListOptions & { readonly limit: number };

/** Prints the runs that the server or the store knows. */
export async function listRuns(
  context: CliContext,
  { limit, pipeline, status, outcome, since }: RunsOptions,
): Promise<void> {
  const { output } = context;
  const options = { limit, pipeline, status, outcome, since };
  const workplace = await openWorkplace(context);
  const runs = await withSession(context, workplace, false, ({ client }) => client.list(options));
  output.json({ runs });
  output.result(runs.length === 0 ? 'No runs.' : runsTable(runs, output.resultColors));
  const waiting = runs.find(({ isWaiting }) => isWaiting === true);
  if (waiting !== undefined) {
    const { runId } = waiting;
    output.result(
      `\nWaiting for an approval: see anneal show ${runId}; answer anneal approve ${runId} or anneal reject ${runId}`,
    );
  }
}

function runsTable(runs: readonly RunSummary[], colors: Output['colors']): string {
  const heading = ['', 'RUN', 'PIPELINE', 'STATUS', 'STARTED', 'TIME', 'DEPLOYMENT'];
  return table([
    heading.map((word) => colors.dim(word)),
    ...runs.map((run) => runRow(run, colors)),
  ]);
}

function runRow(run: RunSummary, colors: Output['colors']): string[] {
  const version = run.version === undefined ? '' : `@${run.version}`;
  return [
    statusMark(run.status, colors),
    run.runId,
    `${run.pipeline}${version}`,
    stateWord(run, colors),
    timeText(run.startedAt),
    run.finishedAt === undefined
      ? ''
      : formatDuration(secondsBetween(run.startedAt, run.finishedAt)),
    run.deployment?.replace('_', ' ') ?? '',
  ];
}

function secondsBetween(startedAt: string, finishedAt: string): number {
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
}
