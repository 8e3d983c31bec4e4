// Why a run is as it is: the tasks that failed by themselves, apart from all that failed or did not start because
// of them.

import type { ErrorView, RunView, TaskView } from '../contract/index.js';
import { taskInputs } from './task-inputs.js';
import type { Pipeline } from '../ir/index.js';

export interface RootCause {
  /** Path of the task; absent when the run failed before any task. */
  readonly task?: string;
  readonly error: ErrorView;
  readonly exitCode?: number;
  readonly attempts: number;
  /** Parameters of the run that this task takes, with their values. */
  readonly parameters: RunView['parameters'];
}

export interface RunExplanation {
  readonly runId: string;
  readonly status: RunView['status'];
  /** In the order in which they failed. */
  readonly causes: readonly RootCause[];
  /** Tasks that ended or did not start because of the causes. */
  readonly cascade: readonly { readonly task: string; readonly reason: string }[];
  /** Commands to go on with, the likeliest first. */
  readonly next: readonly string[];
}

/** @param pipeline  as the run had it; without it no parameter is named */
export function explainRun(view: RunView, pipeline: Pipeline | undefined): RunExplanation {
  const causes = rootCauses(view).map((cause) => ({
    ...cause,
    parameters: taskInputs(view, pipeline, cause.task),
  }));
  const { runId, status } = view;
  return { runId, status, causes, cascade: cascadeOf(view), next: nextCommands(view, causes) };
}

type Cause = Omit<RootCause, 'parameters'>;

function rootCauses({ tasks, error, status }: RunView): Cause[] {
  const failed = tasks
    .filter((task) => task.status === 'failed' && isLeaf(task) && task.error !== undefined)
    .sort((left, right) => (left.finishedAt ?? '').localeCompare(right.finishedAt ?? ''))
    .map((task) => causeOf(task.error!, task.name, task.attempts));
  if (failed.length > 0 || error === undefined || status === 'succeeded') return failed;
  return [causeOf(error, error.task, 0)]; // a slice of a loop, or before any task
}

function causeOf(error: ErrorView, task: string | undefined, attempts: number): Cause {
  const exitCode = error.details?.['exitCode'];
  return {
    ...(task === undefined ? {} : { task }),
    error,
    ...(typeof exitCode === 'number' ? { exitCode } : {}),
    attempts,
  };
}

function cascadeOf({ tasks }: RunView): RunExplanation['cascade'] {
  return tasks
    .filter((task) => isLeaf(task) && ['not_triggered', 'canceled'].includes(task.status))
    .map(({ name, status, reason }) => ({ task: name, reason: reason ?? status }));
}

function nextCommands(
  { runId, status, stuck, paused, waitingFor }: RunView,
  causes: readonly RootCause[],
): string[] {
  if (stuck !== undefined) {
    return [`temporal workflow terminate --workflow-id ${runId}`, `anneal retry ${runId}`];
  }
  if (paused !== undefined) return [`anneal resume ${runId}`];
  if (waitingFor !== undefined) return [`anneal approve ${runId}`, `anneal reject ${runId}`];
  if (status === 'running') return [`anneal watch ${runId}`];
  if (status === 'succeeded') return [`anneal show ${runId}`];
  const [first] = causes;
  const flags = Object.entries(first?.parameters ?? {}).map(
    ([name, value]) => ` -p ${name}=${shellWord(value)}`,
  );
  const log = first?.task === undefined ? [] : [`anneal logs ${runId} ${first.task}`];
  return flags.length === 0
    ? [`anneal retry ${runId}`, ...log]
    : [`anneal retry ${runId}`, `anneal retry ${runId}${flags.join('')}`, ...log];
}

/** A value as one word of a shell, as `-p` reads it. */
function shellWord(value: RunView['parameters'][string]): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\w./:@%+=,-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function isLeaf({ kind }: TaskView): boolean {
  return kind !== 'dag' && kind !== 'loop';
}
