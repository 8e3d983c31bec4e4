import path from 'node:path';
import { runFailure } from '../client/index.js';
import { isInPlace, type RunView } from '../contract/index.js';
import { clientErrors, isAnnealError, type AnnealError } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { errorText } from './output/error-text.js';
import { runJson } from './output/run-json.js';
import { runSummary } from './output/run-summary.js';
import { sampleRow } from './sample-row.js';
import type { Workplace } from './session.js';
import { writeReport } from './write-report.js';

export interface FinishOptions {
  readonly requireDeploy?: boolean;
  /** Where the report goes; default below the home. */
  readonly report?: string;
  readonly debug?: boolean;
  /** Temporal's web UI, when this command opened the service. */
  readonly uiUrl?: string;
}

/** Prints how a run ended and writes its report. @returns the exit code */
export async function finishRun(
  context: CliContext,
  workplace: Workplace,
  view: RunView,
  options: FinishOptions,
): Promise<number> {
  const { output } = context;
  const report = await tryReport(context, workplace, view, options.report);
  const failure = runFailure(view) ?? gateFailure(view, options);
  output.json(runJson(view));
  output.result(
    runSummary(view, {
      colors: output.resultColors,
      isTreeShown: output.isInteractive && output.streams.stdout.isTTY === true,
      report,
      uiUrl: options.uiUrl,
      sample: await sampleRow(workplace.store, view),
    }),
  );
  if (failure === undefined) return 0;
  output.message(errorText(failure, output.colors, options.debug === true));
  return failure.exitCode;
}

function gateFailure(view: RunView, { requireDeploy }: FinishOptions): AnnealError | undefined {
  if (requireDeploy !== true || isPlaced(view)) return undefined;
  const { endpoint = 'any endpoint', reason } = view.deployment ?? {};
  return clientErrors.gateRefused(endpoint, reason);
}

function isPlaced({ deployment }: RunView): boolean {
  return deployment !== undefined && isInPlace(deployment);
}

/** A report that cannot be written must not hide how the run ended. */
async function tryReport(
  { output, environment }: CliContext,
  workplace: Workplace,
  view: RunView,
  wanted: string | undefined,
): Promise<string | undefined> {
  const file = wanted === undefined ? undefined : path.resolve(environment.cwd, wanted);
  try {
    return path.relative(environment.cwd, await writeReport(workplace, view, file));
  } catch (error) {
    if (!isAnnealError(error)) throw error;
    output.message(output.colors.yellow(error.message));
    return undefined;
  }
}
