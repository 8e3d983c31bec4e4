// Groups of the DSL (the pipeline, branches, loops) as DAG components of the IR.

import type { ComponentSpecJson, DagSpecJson, PipelineTaskSpecJson } from '../../ir/index.js';
import { parametersOf } from '../condition.js';
import type { Group, GroupOutput, Node, TaskNode } from '../graph.js';
import { typeOf } from '../reference.js';
import type { InputTypes, ValueType, ValueTypes } from '../value-type.js';
import { renderCondition } from './cel.js';
import { compileTask, executedComponent } from './compile-task.js';
import { dagOutputs } from './dag-outputs.js';
import type { DagScope } from './dag-scope.js';
import { createDagScope, passIn } from './dag-scope.js';
import { afterWithin, dependenciesOf } from './dependencies.js';
import type { Emission } from './emission.js';
import { addComponent } from './emission.js';
import { inputDefinitions, outputDefinitions } from './interface-json.js';
import { iteratorJson } from './iterator.js';
import { addReference, createTaskInputs, taskInputsJson } from './task-inputs.js';

/** Compiles a pipeline's root group as a component with the pipeline's own interface. */
export function compileRoot(
  root: Group,
  declared: { readonly inputs: InputTypes },
  emission: Emission,
): ComponentSpecJson {
  const dag = compileDag(createDagScope(root), emission);
  return dagComponent(dag, declared.inputs, root.outputs);
}

function compileDag(scope: DagScope, emission: Emission): DagSpecJson {
  const tasks = new Map<string, PipelineTaskSpecJson>();
  for (const child of scope.group.children) {
    tasks.set(child.name, compileNode(child, scope, emission));
  }
  const outputs = dagOutputs(scope);
  return {
    ...(outputs === undefined ? {} : { outputs }),
    tasks: Object.fromEntries(tasks),
  };
}

function compileNode(node: Node, scope: DagScope, emission: Emission): PipelineTaskSpecJson {
  if (node.kind !== 'task') return compileGroup(node, scope, emission);
  const component = addComponent(emission, node.name, componentOf(node, scope, emission));
  return compileTask(node, scope, component);
}

function componentOf(task: TaskNode, scope: DagScope, emission: Emission): ComponentSpecJson {
  const { component } = task;
  return component.implementation.kind === 'pipeline'
    ? compileRoot(component.implementation.root, component, emission)
    : executedComponent(task, component.implementation, { scope, emission });
}

function compileGroup(group: Group, parent: DagScope, emission: Emission): PipelineTaskSpecJson {
  const scope = createDagScope(group);
  for (const parameter of group.condition === undefined ? [] : parametersOf(group.condition)) {
    passIn(scope, parameter);
  }
  const dag = compileDag(scope, emission);
  const iterator = group.iteration === undefined ? {} : iteratorJson(scope, group.iteration);
  const inputs = createTaskInputs();
  for (const [reference, name] of scope.passed) addReference(inputs, parent, { name, reference });
  const inputsJson = taskInputsJson(inputs);
  const dependentTasks = dependenciesOf(parent, afterWithin(group), inputs.producers);
  const component = dagComponent(dag, groupInputs(scope), group.outputs);
  return {
    taskInfo: { name: group.displayName ?? group.name },
    componentRef: { name: addComponent(emission, group.name, component) },
    ...(inputsJson === undefined ? {} : { inputs: inputsJson }),
    ...(dependentTasks.length === 0 ? {} : { dependentTasks }),
    ...triggerOf(scope),
    ...iterator,
  };
}

function dagComponent(
  dag: DagSpecJson,
  inputs: InputTypes,
  outputs: ReadonlyMap<string, GroupOutput>,
): ComponentSpecJson {
  const inputsJson = inputDefinitions(inputs);
  const outputsJson = outputDefinitions(
    Object.fromEntries([...outputs].map(([name, { type }]) => [name, type])),
  );
  return {
    dag,
    ...(inputsJson === undefined ? {} : { inputDefinitions: inputsJson }),
    ...(outputsJson === undefined ? {} : { outputDefinitions: outputsJson }),
  };
}

function groupInputs(scope: DagScope): ValueTypes {
  const passed = [...scope.passed].map(([reference, name]): [string, ValueType] => [
    name,
    typeOf(reference),
  ]);
  const { iteration } = scope.group;
  if (iteration !== undefined) passed.push([scope.itemInput!, iteration.itemType]);
  return Object.fromEntries(passed);
}

function triggerOf(scope: DagScope): Pick<PipelineTaskSpecJson, 'triggerPolicy'> {
  const { condition } = scope.group;
  if (condition === undefined) return {};
  const text = renderCondition(condition, (parameter) => passIn(scope, parameter));
  return { triggerPolicy: { condition: text } };
}
