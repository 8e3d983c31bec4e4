// Carries out one task of a DAG: decides its condition, then runs it as code, as a sub-DAG or as a loop.

import { evaluateCondition } from '../ir/expressions/index.js';
import type { PipelineTaskSpecJson } from '../ir/index.js';
import type { JsonObject } from '../util/json.js';
import { dagOutputs } from './dag-outputs.js';
import { isLoop, iterationInputs } from './loop-items.js';
import { asTaskFailure } from './port.js';
import { completeInputs, resolveInputs } from './resolve-inputs.js';
import { resolvePlatformNames } from './resolve-platform-names.js';
import { runDag } from './run-dag.js';
import type { RunNode } from './run-dag.js';
import { runLeaf } from './run-leaf.js';
import type { LoopTask, RunIteration } from './run-iterations.js';
import { runLoop } from './run-loop.js';
import { viewOfValues } from './run-tracker.js';
import { taskPath } from './scope.js';
import type { DagScope, RunContext, TaskOutcome } from './scope.js';
import { endSubtree } from './subtree.js';
import { NO_VALUES } from './flow-values.js';
import type { FlowValues } from './flow-values.js';
import { componentOf } from './component-of.js';

/** Binds a run's context into the function that DAGs call for each of their tasks. */
export function nodeRunner(context: RunContext): RunNode {
  const runNode: RunNode = async (name, task, scope, ended) => {
    const path = taskPath(scope, name);
    try {
      const component = componentOf(context.plan, task.componentRef?.name ?? '');
      const sources = { plan: context.plan, scope, ended };
      const given = resolveInputs(name, task, component, sources);
      const inputs = completeInputs(name, component, given, iterationInputs(task));
      const refusal = conditionRefusal(task, inputs);
      if (refusal !== undefined) {
        endSubtree(context, scope, name, task, 'skipped', refusal);
        return { status: 'skipped', outputs: NO_VALUES };
      }
      const held = context.port.hold(scope);
      if (held !== undefined && !(await isReleased(held))) {
        endSubtree(context, scope, name, task, 'not_triggered', 'the run was canceled');
        return { status: 'canceled', outputs: NO_VALUES };
      }
      context.tracker.started(path);
      const platformNames = resolvePlatformNames(name, component, sources);
      const loop = { name, task, component, scope: { ...scope, inputs }, path, platformNames };
      return await runStarted(loop);
    } catch (error) {
      return failedOutcome(context, path, error);
    }
  };

  const runStarted = (loop: LoopTask): Promise<TaskOutcome> => {
    if (isLoop(loop.task)) return runLoop(context, loop, iterationRunner(context, loop));
    return runComponent(context, loop, loop.scope.inputs, loop.path, runNode);
  };

  return runNode;
}

/** @returns false when the run was canceled while nothing could start */
async function isReleased(held: Promise<void>): Promise<boolean> {
  return held.then(
    () => true,
    () => false,
  );
}

/** Binds a loop into the function that runs one of its iterations. */
export function iterationRunner(context: RunContext, loop: LoopTask): RunIteration {
  const runNode = nodeRunner(context);
  return (path, inputs) =>
    runComponent(context, loop, inputs, path, runNode).catch((error: unknown) =>
      failedOutcome(context, path, error),
    );
}

/** Runs one instance of a component: code, or a DAG of tasks. */
async function runComponent(
  context: RunContext,
  { name, task, component, scope, platformNames }: LoopTask,
  inputs: FlowValues,
  path: string,
  runNode: RunNode,
): Promise<TaskOutcome> {
  if (component.dag !== undefined) {
    return runSubDag(context, { ...scope, inputs, dag: component.dag, path }, runNode);
  }
  const { shielded } = scope;
  return runLeaf(context, { name, task, component, path, inputs, shielded, platformNames });
}

function failedOutcome(context: RunContext, path: string, error: unknown): TaskOutcome {
  const { view, canceled } = asTaskFailure(error);
  const status = canceled ? 'canceled' : 'failed';
  const located = { ...view, task: view.task ?? path };
  context.tracker.ended(path, status, { error: located });
  return { status, outputs: NO_VALUES, error: located };
}

async function runSubDag(
  context: RunContext,
  scope: DagScope,
  runNode: RunNode,
): Promise<TaskOutcome> {
  const result = await runDag(context, scope, runNode);
  if (result.status !== 'succeeded') {
    context.tracker.ended(scope.path, result.status, { error: result.error });
    return { status: result.status, outputs: NO_VALUES, error: result.error };
  }
  const outputs = dagOutputs(scope.dag, result.ended);
  context.tracker.succeeded(scope.path, outputs);
  return { status: 'succeeded', outputs };
}

/** Why the task's condition keeps it from running; undefined when it may run. */
function conditionRefusal(task: PipelineTaskSpecJson, inputs: FlowValues): string | undefined {
  const condition = task.triggerPolicy?.condition;
  if (!condition) return undefined;
  const { parameters } = viewOfValues(inputs);
  if (evaluateCondition(condition, parameters)) return undefined;
  return describeRefusal(condition, parameters);
}

/** The condition in the words of its author: parameters by their own names, with their values. */
function describeRefusal(condition: string, parameters: JsonObject): string {
  const used: string[] = [];
  const plain = condition.replace(PARAMETER, (_, _quote, name: string) => {
    const short = name.replace(/^pipelinechannel--/u, '');
    used.push(`${short} = ${JSON.stringify(parameters[name] ?? null)}`);
    return short;
  });
  const values = used.length === 0 ? '' : ` (${[...new Set(used)].join(', ')})`;
  return `${plain} is false${values}`;
}

const PARAMETER = /inputs\.parameter_values\[(['"])(.+?)\1\]/gu;
