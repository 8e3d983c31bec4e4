// A task of the DSL as a task, component and executor of the IR: one of each per task, as the SDK does.

import type {
  ComponentSpecJson,
  ExecutorSpecJson,
  PipelineTaskSpecJson,
  RetryPolicyJson,
} from '../../ir/index.js';
import type { Implementation, RetryPolicy, TaskNode } from '../graph.js';
import type { DagScope } from './dag-scope.js';
import { dependenciesOf, explicitAfter } from './dependencies.js';
import type { Emission } from './emission.js';
import { addExecutor } from './emission.js';
import { inputDefinitions, outputDefinitions } from './interface-json.js';
import { addArgument, createTaskInputs, taskInputsJson } from './task-inputs.js';

/** Compiles a task of a component that is in the spec under `componentName`. */
export function compileTask(
  task: TaskNode,
  scope: DagScope,
  componentName: string,
): PipelineTaskSpecJson {
  const { options } = task;
  const inputs = createTaskInputs();
  for (const [name, argument] of task.arguments) addArgument(inputs, scope, { name, argument });
  const inputsJson = taskInputsJson(inputs);
  const dependentTasks = dependenciesOf(scope, explicitAfter(task), inputs.producers);
  return {
    taskInfo: { name: options.displayName ?? task.name },
    componentRef: { name: componentName },
    ...(inputsJson === undefined ? {} : { inputs: inputsJson }),
    ...(dependentTasks.length === 0 ? {} : { dependentTasks }),
    cachingOptions: options.caching === false ? {} : { enableCache: true },
    ...(options.retry === undefined ? {} : { retryPolicy: retryPolicyJson(options.retry) }),
  };
}

/** The component of a task that a container or importer carries out; its executor is added. */
export function executedComponent(
  { name, component }: TaskNode,
  implementation: Exclude<Implementation, { kind: 'pipeline' }>,
  emission: Emission,
): ComponentSpecJson {
  const executor: ExecutorSpecJson =
    implementation.kind === 'container'
      ? { container: implementation.container }
      : { importer: implementation.importer };
  const inputs = inputDefinitions(component.inputs);
  const outputs = outputDefinitions(component.outputs);
  return {
    executorLabel: addExecutor(emission, name, executor),
    ...(inputs === undefined ? {} : { inputDefinitions: inputs }),
    ...(outputs === undefined ? {} : { outputDefinitions: outputs }),
  };
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
