// What a person reads at the end of a run.

import { codeSourceText } from '../../contract/index.js';
import type { DeploymentView, RunView, TaskView } from '../../contract/index.js';
import { formatDuration, type JsonValue } from '../../util/index.js';
import { runNotices, stateWord } from '../live/run-state.js';
import { taskTree } from '../live/task-tree.js';
import { decisionFacts } from './decision-facts.js';
import type { Output } from './output.js';
import { table } from './table.js';

export interface SummaryOptions {
  readonly colors: Output['colors'];
  /** Whether the tree of tasks is on the same screen already; default false. */
  readonly isTreeShown?: boolean;
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
    ...(view.source === undefined ? [] : [['source', codeSourceText(view.source)]]),
    ...accuracyFacts(view),
    ...gateFact(view, colors),
    ...decisionFacts(view, colors),
    ...deploymentFacts(view),
    ...outputFacts(view),
    ...(options.report === undefined ? [] : [['report', options.report]]),
    ...(options.uiUrl === undefined ? [] : [['history', "anneal dev opens Temporal's web UI"]]),
  ];
  return [
    '',
    `${colors.bold(view.pipeline)} ${stateWord(view, colors)} ${runTime(view)}${cachedCount(view)}`,
    ...(options.isTreeShown === true ? [] : taskTree(view, colors, endOf(view))),
    ...(facts.length === 0 ? [] : ['', indent(table(facts))]),
    ...runNotices(view, colors).map((notice) => `\n${notice}`),
    ...curlLines(view.deployment, options),
    ...view.warnings.map((warning) => colors.yellow(`\n! ${warning}`)),
  ].join('\n');
}

function endOf({ startedAt, finishedAt }: RunView): number {
  return Date.parse(finishedAt ?? startedAt);
}

function runTime({ startedAt, finishedAt }: RunView): string {
  if (finishedAt === undefined) return `since ${startedAt}`;
  return `in ${formatDuration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)}`;
}

function cachedCount({ tasks, retriedFrom }: RunView): string {
  const cached = tasks.filter((task) => task.cached).length;
  if (cached === 0) return '';
  const source = retriedFrom === undefined ? 'from the cache' : `reused, a retry of ${retriedFrom}`;
  return `, ${cached} task${cached === 1 ? '' : 's'} ${source}`;
}

function accuracyFacts(view: RunView): string[][] {
  const accuracy = findNumber(view.tasks, 'test_accuracy');
  return accuracy === undefined ? [] : [['test_accuracy', round(accuracy)]];
}

function gateFact(view: RunView, colors: Output['colors']): string[][] {
  if (view.deployment === undefined) return [];
  const { status, unchanged } = view.deployment;
  const said = unchanged === true ? 'unchanged: it served this very model' : DECISIONS[status];
  const tint = status === 'promoted' ? colors.green : colors.yellow;
  return [['gate', `${tint(said)}${comparison(view)}`]];
}

function deploymentFacts({ deployment }: RunView): string[][] {
  if (deployment === undefined) return [];
  const { status, reason, url, endpoint, percent } = deployment;
  return [
    ...(percent === undefined ? [] : [['share', `${percent} % of the requests`]]),
    ...(status === 'promoted' || reason === undefined ? [] : [['why', reason]]),
    ...(url === undefined ? [] : [['endpoint', `${endpoint} at ${url}`]]),
  ];
}

/** ` (0.8148 < 0.85)`; rounded unless rounding would hide the difference. */
function comparison({ tasks, parameters }: RunView): string {
  const accuracy = findNumber(tasks, 'test_accuracy');
  const threshold = findNumber(tasks, 'threshold') ?? numeric(parameters['deploy_threshold']);
  if (accuracy === undefined || threshold === undefined) return '';
  const isHidden = round(accuracy) === round(threshold) && accuracy !== threshold;
  const [left, right] = isHidden ? [accuracy, threshold] : [round(accuracy), round(threshold)];
  return ` (${left} ${accuracy >= threshold ? '>=' : '<'} ${right})`;
}

function round(value: number): string {
  return String(Number(value.toFixed(4)));
}

const DECISIONS: Readonly<Record<DeploymentView['status'], string>> = {
  promoted: 'passed, deployed',
  shadowing: 'passed, gets copies of requests',
  splitting: 'passed, answers a share of the requests',
  refused: 'refused, nothing deployed',
  rolled_back: 'passed, but rolled back',
  failed: 'passed, but the deployment failed',
  superseded: 'passed, superseded by a newer deployment',
};

function outputFacts({ outputs }: RunView): string[][] {
  return Object.entries(outputs)
    .filter(([name]) => name !== 'test_accuracy')
    .flatMap(([name, value]) => (isScalar(value) ? [[name, String(value)]] : []));
}

function curlLines(deployment: DeploymentView | undefined, options: SummaryOptions): string[] {
  if (deployment?.status !== 'promoted' || deployment.url === undefined) return [];
  if (options.sample === undefined) return [];
  const { contentType, body } = options.sample;
  const command = `curl -s ${invocationsUrl(deployment.url)} -H 'Content-Type: ${contentType}' --data-binary ${shellQuote(body)}`;
  return ['', options.colors.dim('Ask it:'), `  ${command}`];
}

function invocationsUrl(url: string): string {
  return url.endsWith('/invocations') ? url : `${url.replace(/\/$/, '')}/invocations`;
}

/** Quotes a text for sh, bash and zsh; lines are kept by $'…'. */
function shellQuote(text: string): string {
  const quoted = text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\r/g, '\\r')
    .replace(/\n/g, '\\n');
  return quoted === text ? `'${text}'` : `$'${quoted}'`;
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

function isScalar(value: JsonValue): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
