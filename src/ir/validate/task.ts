import { irFindings } from '../../errors/index.js';
import type { Pipeline } from '../pipeline.js';
import { checkArtifactInputs } from './artifact-inputs.js';
import { checkCondition } from './condition.js';
import { checkIterator } from './iterator.js';
import { missing } from './missing.js';
import { checkParameterInputs } from './parameter-inputs.js';
import type { Report } from './report.js';
import { checkRetryPolicy } from './retry-policy.js';
import type { TaskScope } from './scopes.js';

/**
 * Checks one task: its component, what it waits for, its inputs, loop, condition and retries.
 *
 * @param siblings  all tasks of the DAG
 */
export function checkTask(
  scope: TaskScope,
  siblings: readonly TaskScope[],
  pipeline: Pipeline,
  report: Report,
): void {
  checkComponentRef(scope, pipeline, report);
  checkDependencies(scope, siblings, report);
  checkParameterInputs(scope, siblings, report);
  checkArtifactInputs(scope, siblings, report);
  checkIterator(scope, report);
  checkCondition(scope, report);
  checkRetryPolicy(scope, report);
}

function checkComponentRef(
  { name, task, path, component }: TaskScope,
  { spec }: Pipeline,
  report: Report,
): void {
  if (component !== undefined) return;
  const unknown = missing(task.componentRef?.name ?? '', Object.keys(spec.components ?? {}));
  report([...path, 'componentRef', 'name'], irFindings.unknownComponent(name, unknown));
}

function checkDependencies(
  { name, task, path }: TaskScope,
  siblings: readonly TaskScope[],
  report: Report,
): void {
  const names = siblings.map((sibling) => sibling.name);
  task.dependentTasks?.forEach((dependency, index) => {
    if (names.includes(dependency)) return;
    const others = names.filter((other) => other !== name);
    const finding = irFindings.unknownTask(`Task "${name}"`, missing(dependency, others));
    report([...path, 'dependentTasks', index], finding);
  });
}
