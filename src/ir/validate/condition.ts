import { irFindings } from '../../errors/index.js';
import { parseCondition } from '../expressions/index.js';
import { missing } from './missing.js';
import type { Report } from './report.js';
import type { TaskScope } from './scopes.js';

const STRATEGIES: readonly unknown[] = [
  undefined,
  'TRIGGER_STRATEGY_UNSPECIFIED',
  'ALL_UPSTREAM_TASKS_SUCCEEDED',
  'ALL_UPSTREAM_TASKS_COMPLETED',
];

/** Checks when a task is triggered: its strategy, and its condition's words and parameters. */
export function checkCondition({ task, path, component }: TaskScope, report: Report): void {
  const { condition, strategy } = task.triggerPolicy ?? {};
  const at = [...path, 'triggerPolicy'];
  if (!STRATEGIES.includes(strategy)) {
    report(
      [...at, 'strategy'],
      irFindings.incomplete(`The trigger strategy ${String(strategy)} is not known.`),
    );
  }
  if (!condition) return;
  const parsed = parseCondition(condition);
  if (parsed.finding !== undefined) {
    report([...at, 'condition'], parsed.finding);
    return;
  }
  const inputs = new Set([
    ...Object.keys(component?.inputDefinitions?.parameters ?? {}),
    ...Object.keys(task.inputs?.parameters ?? {}),
  ]);
  for (const { name, column } of parsed.parameters) {
    if (component === undefined || inputs.has(name)) continue;
    const { nearest } = missing(name, inputs);
    const reason = `the task has no parameter "${name}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
    report([...at, 'condition'], irFindings.badCondition(condition, reason, column));
  }
}
