import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunView } from '../contract/index.js';
import { clientErrors } from '../errors/index.js';
import { gatherReport, renderReport } from '../viewer/index.js';
import type { Workplace } from './session.js';
import { ANNEAL_VERSION } from './version.js';

/** Draws a run's report as HTML. */
export async function drawReport({ store }: Workplace, view: RunView): Promise<string> {
  const versions = { anneal: ANNEAL_VERSION, node: process.versions.node };
  return renderReport(await gatherReport(store, view, versions, new Date()));
}

/**
 * Writes a run's report to a file.
 *
 * @param file  default: in the home's folder of reports
 * @returns the file's absolute path
 * @throws E_USAGE when the place cannot be written
 */
export async function writeReport(
  workplace: Workplace,
  view: RunView,
  file: string = path.join(workplace.settings.home, 'reports', `${view.runId}.html`),
): Promise<string> {
  const report = await drawReport(workplace, view);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, report);
    return file;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw clientErrors.usage(
      `The report cannot be written to "${file}" (${reason}).`,
      'Choose another place with --report or --output.',
    );
  }
}
