import path from 'node:path';
import type { CliContext } from './cli-context.js';
import { readRun } from './read-run.js';
import { openWorkplace } from './session.js';
import { drawReport, writeReport } from './write-report.js';

export interface ReportOptions {
  readonly output?: string;
}

/** Writes a run's report. @throws E_NOT_FOUND, E_USAGE */
export async function reportRun(
  context: CliContext,
  runId: string,
  options: ReportOptions,
): Promise<void> {
  const { output, environment } = context;
  const workplace = await openWorkplace(context);
  const view = await readRun(context, workplace, runId);
  if (options.output === '-') {
    const report = await drawReport(workplace, view);
    output.json({ runId, report });
    return output.result(report);
  }
  const wanted = options.output && path.resolve(environment.cwd, options.output);
  const file = await writeReport(workplace, view, wanted);
  output.json({ runId, path: file });
  output.result(file);
}
