// A retry's plan for people: what is taken over, what runs, and why.
//
// P1. Tasks of a loop that have the same fate are one line.

import type { PlannedTask, RetryAction, RetryPlan } from '../../client/index.js';
import type { Output } from './output.js';
import { table } from './table.js';

type Colors = Output['colors'];

const WORDS: Readonly<
  Record<RetryAction, readonly [word: string, color: 'green' | 'cyan' | 'yellow' | 'dim']>
> = {
  reuse: ['reuse', 'green'],
  run: ['run', 'cyan'],
  depends: ['run or reuse', 'yellow'],
  skip: ['skip', 'dim'],
};

/** Writes the plan, one task or group of iterations a line. */
export function retryPlanText(plan: RetryPlan, colors: Colors): string {
  const rows = gathered(plan.tasks).map(({ action, label, reason }) => {
    const [word, color] = WORDS[action];
    return [`  ${colors[color](word)}`, label, colors.dim(reason)];
  });
  const notes = [
    ...(plan.changedParameters.length === 0
      ? []
      : [`Changed parameters: ${plan.changedParameters.join(', ')}.`]),
    ...(plan.droppedParameters.length === 0
      ? []
      : [`Parameters that the new pipeline lacks: ${plan.droppedParameters.join(', ')}.`]),
    ...(plan.tasks.some(({ action }) => action === 'depends')
      ? ['"run or reuse": taken over when what comes before gives the same bytes again.']
      : []),
  ];
  return [
    `Plan for going on from run ${plan.runId}:`,
    table(rows),
    ...notes.map((note) => colors.dim(note)),
  ].join('\n');
}

interface PlanLine {
  readonly action: RetryAction;
  readonly label: string;
  readonly reason: string;
}

/** P1 */
function gathered(tasks: readonly PlannedTask[]): PlanLine[] {
  const groups = new Map<string, PlannedTask[]>();
  for (const task of tasks) {
    const isIteration = /\/\d+(\/|$)/u.test(task.name);
    const place = task.name.replaceAll(/\/\d+(?=\/|$)/gu, '');
    const reason = task.action === 'reuse' && isIteration ? '' : task.reason;
    const key = isIteration ? JSON.stringify([place, task.action, reason]) : task.name;
    groups.set(key, [...(groups.get(key) ?? []), task]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [PlannedTask];
    if (group.length === 1) return { ...first, label: first.name };
    const place = first.name.replaceAll(/\/\d+(?=\/|$)/gu, '/*');
    const reason = first.action === 'reuse' ? 'same code and inputs' : first.reason;
    return { action: first.action, label: `${place} (${group.length})`, reason };
  });
}
