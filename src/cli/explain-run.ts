import {
  explainRun,
  logKeyOf,
  readLog,
  type RootCause,
  type RunExplanation,
} from '../client/index.js';
import type { RunView } from '../contract/index.js';
import { SpecReader } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { CliContext } from './cli-context.js';
import { runNotices, stateWord } from './live/run-state.js';
import type { Output } from './output/output.js';
import { readRun } from './read-run.js';
import { openWorkplace } from './session.js';

type Colors = Output['colors'];

/** Enough to see an exception with its place. */
const LOG_LINES = 12;
/** Of a cascade no more are named. */
const MAX_NAMED = 10;

/** Prints why a run is as it is; that it failed is an answer, not a failure of this command. */
export async function explain(context: CliContext, runId: string): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const view = await readRun(context, workplace, runId);
  const pipeline = await new SpecReader(workplace.store)
    .pipeline(view.digest)
    .catch(() => undefined);
  const explanation = explainRun(view, pipeline);
  const causes = await Promise.all(
    explanation.causes.map(async (cause) => ({
      ...cause,
      log: await logOf(workplace.store, view, cause),
    })),
  );
  const { paused, waitingFor, stuck } = view;
  output.json({ ...explanation, causes, paused, waitingFor, stuck });
  output.result(explanationText(view, explanation, causes, output.resultColors));
}

interface LoggedCause extends RootCause {
  /** The last lines, the newest last. */
  readonly log: readonly string[];
}

async function logOf(
  store: ArtifactStore,
  view: RunView,
  { task: name, error }: RootCause,
): Promise<string[]> {
  const task = view.tasks.find((each) => each.name === name);
  const stored =
    task === undefined
      ? ''
      : Buffer.from(
          (await readLog(store, await logKeyOf(store, view.runId, task))).bytes,
        ).toString();
  const tail = error.details?.['logTail'];
  const text = stored.trim() || (typeof tail === 'string' ? tail : '');
  return text.trimEnd() === '' ? [] : text.trimEnd().split('\n').slice(-LOG_LINES);
}

function explanationText(
  view: RunView,
  { cascade, next }: RunExplanation,
  causes: readonly LoggedCause[],
  colors: Colors,
): string {
  return [
    `Run ${view.runId} (${view.pipeline}) ${stateWord(view, colors)}.`,
    ...runNotices(view, colors),
    ...causes.flatMap((cause, index) => causeLines(cause, index, causes.length, colors)),
    ...cascadeLines(cascade),
    '',
    'Next:',
    ...next.map((command) => `  ${command}`),
  ].join('\n');
}

function causeLines(cause: LoggedCause, index: number, count: number, colors: Colors): string[] {
  const { task, error, exitCode, attempts, log } = cause;
  const number = count === 1 ? '' : ` ${index + 1} of ${count}`;
  const facts = [
    exitCode === undefined ? '' : `exit code ${exitCode}`,
    attempts > 1 ? `after ${attempts} tries` : '',
  ].filter(Boolean);
  const parameters = Object.entries(cause.parameters);
  return [
    '',
    `${colors.bold(`Cause${number}:`)} ${task === undefined ? 'before any task' : `task ${task}`}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`,
    `  ${colors.red(error.code)} ${error.message}`,
    ...(error.hint === undefined ? [] : [`  ${colors.dim('→')} ${error.hint}`]),
    ...(log.length === 0
      ? []
      : ['  Last lines of its log:', ...log.map((line) => `    ${colors.dim(line)}`)]),
    ...(parameters.length === 0
      ? []
      : [
          `  It takes: ${parameters.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}`,
        ]),
  ];
}

function cascadeLines(cascade: RunExplanation['cascade']): string[] {
  if (cascade.length === 0) return [];
  const named = cascade.slice(0, MAX_NAMED).map(({ task, reason }) => `  ${task}: ${reason}`);
  const rest = cascade.length - named.length;
  return [
    '',
    'Because of that, these did not run to their ends:',
    ...named,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}
