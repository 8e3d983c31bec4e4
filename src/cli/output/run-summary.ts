// What a person reads at the end of a run.

import type { DeploymentView, RunView, TaskView } from '../../contract/index.js';
import { formatDuration, type JsonValue } from '../../util/index.js';
import { statusWord } from '../live/status-mark.js';
import { taskTree } from '../live/task-tree.js';
import type { Output } from './output.js';
import { table } from './table.js';

export interface SummaryOptions {
  readonly colors: Output['colors'];
  /** Path of the report that was written. */
  readonly report?: string;
  /** Temporal's web UI. */
  readonly uiUrl?: string;
  /** A row the endpoint can be asked about. */
  readonly sample?: SampleRow;
}

export interface SampleRow {
  readonly contentType: string;
  readonly body: string;
}

/** Writes the stages with their times, the numbers, the gate's decision, and what to do next. */
export function runSummary(view: RunView, options: SummaryOptions): string {
  const { colors } = options;
  const facts = [
    ...accuracyFacts(view),
    ...gateFacts(view, colors),
    ...outputFacts(view),
    ...(options.report === undefined ? [] : [['report', options.report]]),
    ...(options.uiUrl === undefined ? [] : [['details', `anneal show ${view.runId}`]]),
  ];
  return [
    '',
    `${colors.bold(view.pipeline)} ${statusWord(view.status, colors)} in ${runTime(view)}${cachedCount(view)}`,
    ...taskTree(view, colors, Date.parse(view.finishedAt ?? view.startedAt)),
    ...(facts.length === 0 ? [] : ['', indent(table(facts))]),
    ...curlLines(view.deployment, options),
    ...view.warnings.map((warning) => colors.yellow(`\n! ${warning}`)),
  ].join('\n');
}

function runTime({ startedAt, finishedAt }: RunView): string {
  if (finishedAt === undefined) return 'an unknown time';
  return formatDuration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}

function cachedCount({ tasks }: RunView): string {
  const cached = tasks.filter((task) => task.cached).length;
  return cached === 0 ? '' : `, ${cached} task${cached === 1 ? '' : 's'} from the cache`;
}

function accuracyFacts(view: RunView): string[][] {
  const accuracy = findNumber(view.tasks, 'test_accuracy');
  return accuracy === undefined ? [] : [['test_accuracy', String(accuracy)]];
}

function gateFacts(
  { deployment, tasks, parameters }: RunView,
  colors: Output['colors'],
): string[][] {
  if (deployment === undefined) return [];
  const accuracy = findNumber(tasks, 'test_accuracy');
  const threshold = findNumber(tasks, 'threshold') ?? numeric(parameters['deploy_threshold']);
  const comparison =
    accuracy === undefined || threshold === undefined
      ? ''
      : ` (${accuracy} ${accuracy >= threshold ? '>=' : '<'} ${threshold})`;
  const said =
    deployment.unchanged === true
      ? 'unchanged: it served this very model'
      : DECISIONS[deployment.status];
  const tint = deployment.status === 'promoted' ? colors.green : colors.yellow;
  return [
    ['gate', `${tint(said)}${comparison}`],
    ...(deployment.status === 'promoted' || deployment.reason === undefined
      ? []
      : [['why', deployment.reason]]),
    ...(deployment.url === undefined
      ? []
      : [['endpoint', `${deployment.endpoint} at ${deployment.url}`]]),
  ];
}

const DECISIONS: Readonly<Record<DeploymentView['status'], string>> = {
  promoted: 'passed, deployed',
  refused: 'refused, nothing deployed',
  rolled_back: 'passed, but rolled back',
  failed: 'passed, but the deployment failed',
  superseded: 'passed, superseded by a newer deployment',
};

function outputFacts({ outputs }: RunView): string[][] {
  return Object.entries(outputs)
    .filter(([name, value]) => name !== 'test_accuracy' && typeof value !== 'object')
    .map(([name, value]) => [name, String(value)]);
}

function curlLines(deployment: DeploymentView | undefined, options: SummaryOptions): string[] {
  if (deployment?.status !== 'promoted' || deployment.url === undefined) return [];
  if (options.sample === undefined) return [];
  const { contentType, body } = options.sample;
  const command = `curl -s ${deployment.url} -H 'Content-Type: ${contentType}' --data-binary ${shellQuote(body)}`;
  return ['', options.colors.dim('Ask it:'), `  ${command}`];
}

/** Quotes a text for sh, bash and zsh; lines are kept by $'…'. */
function shellQuote(text: string): string {
  const quoted = text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\r/g, '\\r')
    .replace(/\n/g, '\\n');
  return `$'${quoted}'`;
}

function findNumber(tasks: readonly TaskView[], name: string): number | undefined {
  for (const { outputs } of tasks) {
    const artifacts = Object.values(outputs?.artifacts ?? {}).flat();
    const found = [outputs?.parameters, ...artifacts.map(({ metadata }) => metadata)]
      .map((values) => numeric(values?.[name]))
      .find((value) => value !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function numeric(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
