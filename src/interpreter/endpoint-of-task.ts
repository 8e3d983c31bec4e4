import type { RunPlan } from '../contract/index.js';
import { constantOf } from '../ir/index.js';
import type { PipelineTaskSpecJson } from '../ir/index.js';
import type { JsonValue } from '../util/json.js';
import { componentOf } from './component-of.js';

/**
 * The endpoint that a deploy task would have gone to: its `endpoint_name`, followed up the graph as a
 * constant, a default or a parameter of the run.
 *
 * @param path  of a task that need not have run
 * @returns undefined when another task or a loop's item would have named it
 */
export function endpointOfTask(plan: RunPlan, path: string): string | undefined {
  let name = 'endpoint_name';
  for (const task of tasksTo(plan, path).reverse()) {
    const given = task.inputs?.parameters?.[name];
    if (given?.componentInputParameter === undefined) {
      return asText(given === undefined ? defaultOf(plan, task, name) : constant(given));
    }
    name = given.componentInputParameter;
  }
  return asText(plan.parameters[name]);
}

/** The tasks that a path leads through, outermost first. */
function tasksTo(plan: RunPlan, path: string): PipelineTaskSpecJson[] {
  let dag = plan.spec.root?.dag;
  const found: PipelineTaskSpecJson[] = [];
  for (const segment of path.split('/')) {
    const task = dag?.tasks?.[segment];
    if (task === undefined) continue; // the index of an iteration
    found.push(task);
    dag = componentOf(plan, task.componentRef?.name ?? '').dag;
  }
  return found;
}

type GivenParameter = NonNullable<
  NonNullable<PipelineTaskSpecJson['inputs']>['parameters']
>[string];

function constant({ runtimeValue }: GivenParameter): JsonValue | undefined {
  return runtimeValue && constantOf(runtimeValue);
}

function defaultOf(plan: RunPlan, task: PipelineTaskSpecJson, name: string): JsonValue | undefined {
  const component = componentOf(plan, task.componentRef?.name ?? '');
  return component.inputDefinitions?.parameters?.[name]?.defaultValue;
}

function asText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
