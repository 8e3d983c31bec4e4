import {
  chooseVersion,
  compareVersions,
  parseModelReference,
  showModel,
  type ModelVersionView,
} from '../../models/index.js';
import type { CliContext } from '../cli-context.js';
import { comparisonRows } from '../output/comparison-rows.js';
import { table } from '../output/table.js';
import { openWorkplace } from '../session.js';

/** Prints versions side by side. @throws E_NOT_FOUND */
export async function printVersionComparison(
  context: CliContext,
  references: readonly string[],
  showsEqual: boolean,
): Promise<void> {
  const { output } = context;
  const { store } = await openWorkplace(context);
  const versions: ModelVersionView[] = [];
  for (const reference of references) {
    const { name, version } = parseModelReference(reference);
    versions.push(chooseVersion(await showModel(store, name), version));
  }
  const comparison = compareVersions(versions);
  output.json(comparison);
  const { bold, dim } = output.resultColors;
  const { metrics, data, code } = comparison;
  const choice = { showsEqual, dim };
  output.result(
    table([
      ['', ...versions.map(({ name, version }) => bold(`${name}@${version}`))],
      ['stage', ...versions.map(({ stage }) => stage)],
      ['run', ...versions.map(({ run }) => run.runId)],
      ...comparisonRows('METRICS', metrics, choice),
      ...comparisonRows('DATA', data, choice),
      ...comparisonRows('CODE', code, choice),
    ]),
  );
}
