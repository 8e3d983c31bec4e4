// A task of the DSL as a task, component and executor of the IR: one of each per task, as the SDK does.

import type {
  CachingOptionsJson,
  ComponentSpecJson,
  ExecutorSpecJson,
  PipelineTaskSpecJson,
  RetryPolicyJson,
} from '../../ir/index.js';
import { exitHandlerOf } from '../exit-task.js';
import type { Implementation, Reference, RetryPolicy, TaskNode, TaskOptions } from '../graph.js';
import { resourceAmounts } from '../resources.js';
import { containerJson } from './container-json.js';
import type { DagScope } from './dag-scope.js';
import { dependenciesOf, explicitAfter } from './dependencies.js';
import type { Emission } from './emission.js';
import { addExecutor } from './emission.js';
import { inputDefinitions, outputDefinitions } from './interface-json.js';
import { addArgument, createTaskInputs, inputPlaceholder, taskInputsJson } from './task-inputs.js';
import { completionTrigger, finalStatusInputs } from './trigger.js';

/** Compiles a task of a component that is in the spec under `componentName`. */
export function compileTask(
  task: TaskNode,
  scope: DagScope,
  componentName: string,
): PipelineTaskSpecJson {
  const { options } = task;
  const inputs = createTaskInputs();
  for (const [name, argument] of task.arguments) addArgument(inputs, scope, { name, argument });
  for (const [name, amount] of Object.entries(resourceAmounts(options.resources ?? {}))) {
    if (typeof amount === 'string') continue;
    addArgument(inputs, scope, { name, argument: { kind: 'text', parts: [amount] } });
  }
  const handler = exitHandlerOf(task);
  const dependentTasks =
    handler === undefined
      ? dependenciesOf(scope, explicitAfter(task), inputs.producers)
      : [handler.name];
  for (const [name, input] of finalStatusInputs(task, dependentTasks)) {
    inputs.parameters.set(name, input);
  }
  const inputsJson = taskInputsJson(inputs);
  return {
    taskInfo: { name: options.displayName ?? task.name },
    componentRef: { name: componentName },
    ...(inputsJson === undefined ? {} : { inputs: inputsJson }),
    ...(dependentTasks.length === 0 ? {} : { dependentTasks }),
    ...completionTrigger(task),
    cachingOptions: cachingJson(options),
    ...(options.retry === undefined ? {} : { retryPolicy: retryPolicyJson(options.retry) }),
  };
}

/** The component of a task that a container or importer carries out; its executor is added. */
export function executedComponent(
  task: TaskNode,
  implementation: Exclude<Implementation, { kind: 'pipeline' }>,
  { scope, emission }: { readonly scope: DagScope; readonly emission: Emission },
): ComponentSpecJson {
  const { component, options } = task;
  const inputs = inputDefinitions(component.inputs);
  const outputs = outputDefinitions(component.outputs);
  const executorLabel = addExecutor(emission, task.name, executorJson(task, implementation, scope));
  if (options.timeoutSeconds !== undefined) {
    emission.kubernetes.set(executorLabel, {
      activeDeadlineSeconds: String(options.timeoutSeconds),
    });
  }
  return {
    executorLabel,
    ...(inputs === undefined ? {} : { inputDefinitions: inputs }),
    ...(outputs === undefined ? {} : { outputDefinitions: outputs }),
  };
}

function executorJson(
  { options }: TaskNode,
  implementation: Exclude<Implementation, { kind: 'pipeline' }>,
  scope: DagScope,
): ExecutorSpecJson {
  if (implementation.kind === 'importer') return { importer: implementation.importer };
  const placeholderOf = (reference: Reference): string => inputPlaceholder(scope, reference);
  return { container: containerJson(implementation.container, options, placeholderOf) };
}

function cachingJson({ caching, cacheKey }: TaskOptions): CachingOptionsJson {
  if (caching === false) return {};
  return { enableCache: true, ...(cacheKey === undefined ? {} : { cacheKey }) };
}

// All four fields, as kfp.dsl.structures.RetryPolicy.to_proto writes them.
function retryPolicyJson(retry: RetryPolicy): RetryPolicyJson {
  return {
    maxRetryCount: retry.retries,
    backoffDuration: `${retry.backoffSeconds ?? 0}s`,
    backoffFactor: retry.backoffFactor ?? 2,
    backoffMaxDuration: `${retry.maxBackoffSeconds ?? 3600}s`,
  };
}
