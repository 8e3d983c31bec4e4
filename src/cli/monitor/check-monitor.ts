import { DEFAULT_MONITOR } from '../../client/index.js';
import { lossesOf, type DriftFinding } from '../../contract/index.js';
import type { CliContext } from '../cli-context.js';
import { table } from '../output/table.js';
import { openWorkplace, withSession } from '../session.js';

export interface CheckFlags {
  readonly limit?: number;
  readonly minRows?: number;
  readonly captured?: string;
}

/** As for a gate that says no. */
const EXIT_DRIFTED = 5;

/**
 * Compares an endpoint's requests with its training data once, and prints the features that moved most.
 *
 * @returns the exit code: 5 when one has drifted over enough rows
 */
export async function checkMonitor(
  context: CliContext,
  endpoint: string,
  flags: CheckFlags,
): Promise<number> {
  const { output } = context;
  const { limit = DEFAULT_MONITOR.limit, minRows = DEFAULT_MONITOR.minRows, captured } = flags;
  const workplace = await openWorkplace(context);
  const source = { endpoint, limit, minRows, captured };
  const finding = await withSession(context, workplace, true, ({ client }) =>
    client.monitors.check(source),
  );
  const isEnough = finding.capturedRows >= minRows;
  const isDrifted = isEnough && finding.features.some(({ psi }) => psi > limit);
  output.json({ ...finding, limit, minRows, drifted: isDrifted });
  output.result(findingText(finding, limit));
  if (!isEnough) output.result(`${minRows} rows are needed to judge by.`);
  return isDrifted ? EXIT_DRIFTED : 0;
}

function findingText(finding: DriftFinding, limit: number): string {
  const { capturedRows, capturedRequests, referenceRows, features } = finding;
  const counts = `${capturedRows} rows of ${capturedRequests} requests against ${referenceRows} training rows`;
  const rows = features.map(({ name, psi }) => [
    name,
    psi.toFixed(3),
    psi > limit ? 'drifted' : '',
  ]);
  return [
    [counts, ...lossesOf(finding)].join('; '),
    ...(rows.length === 0 ? [] : [table(rows)]),
  ].join('\n');
}
