import { runFailure } from '../client/index.js';
import type { CliContext } from './cli-context.js';
import { errorText } from './output/error-text.js';
import { runJson } from './output/run-json.js';
import { runSummary } from './output/run-summary.js';
import { readRun } from './read-run.js';
import { sampleRow } from './sample-row.js';
import { openWorkplace } from './session.js';

/** Prints a run as it is now; that it failed is an answer, not a failure of this command. */
export async function showRun(context: CliContext, runId: string): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const view = await readRun(context, workplace, runId);
  const { resultColors: colors } = output;
  const sample = await sampleRow(workplace.store, view);
  output.json(runJson(view));
  output.result(runSummary(view, { colors, sample }));
  const failure = runFailure(view);
  if (failure !== undefined) output.result(`\n${errorText(failure, colors, false)}`);
}
