import { compareRuns, type RunComparison } from '../client/index.js';
import type { CliContext } from './cli-context.js';
import { comparisonRows } from './output/comparison-rows.js';
import type { Output } from './output/output.js';
import { table } from './output/table.js';
import { readRun } from './read-run.js';
import { openWorkplace } from './session.js';

/** Prints runs side by side. @throws E_NOT_FOUND */
export async function printComparison(
  context: CliContext,
  runIds: readonly string[],
  showsEqual: boolean,
): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const views = [];
  for (const runId of runIds) views.push(await readRun(context, workplace, runId));
  const comparison = compareRuns(views);
  output.json(comparison);
  output.result(comparisonText(comparison, showsEqual, output.resultColors));
}

function comparisonText(
  { runs, parameters, metrics }: RunComparison,
  showsEqual: boolean,
  { bold, dim }: Output['colors'],
): string {
  const facts = [
    ['pipeline', ...runs.map((run) => `${run.pipeline}@${run.version ?? run.digest.slice(0, 14)}`)],
    ['status', ...runs.map(({ status }) => status)],
    ['deployment', ...runs.map(({ deployment }) => deployment?.status.replace('_', ' ') ?? '–')],
  ];
  const choice = { showsEqual, dim };
  const same = [...parameters, ...metrics].filter(({ differs }) => !differs).length;
  return [
    table([
      ['', ...runs.map(({ runId }) => bold(runId))],
      ...facts,
      ...comparisonRows('PARAMETERS', parameters, choice),
      ...comparisonRows('METRICS', metrics, choice),
    ]),
    ...(showsEqual || same === 0 ? [] : [dim(`${same} values are the same in all runs (--all).`)]),
  ].join('\n');
}
