// Brings specs of two compilers to one form, so that only differences in meaning are left.
//
// Leveled out: names of components and executors (each is put in place of its reference), numbers of
// branches and loops, names of the one value a branch or loop hands on, inputs passed into a DAG that
// nothing in it reads, the JSON style of Concat and IfPresent, sdkVersion, and the order of keys.

import type { PipelineSpecJson } from '../../../src/ir/index.js';
import type { JsonValue } from '../../../src/util/index.js';

type Json = Record<string, JsonValue>;
type Component = NonNullable<PipelineSpecJson['root']>;
type Task = NonNullable<NonNullable<Component['dag']>['tasks']>[string];

const STRUCTURE = /^\{\s*"(Concat|IfPresent)"/;
const GROUP = /(condition-branches|condition|for-loop|exit-handler)-(\d+)/g;

/** The spec with every component and executor in its place, and without names that carry no meaning. */
export function normaliseSpec(spec: PipelineSpecJson): JsonValue {
  const renumbered = renumberGroups(spec);
  while (dropUnusedInput(renumbered));
  const { pipelineInfo, schemaVersion, root } = renumbered;
  const inlined = inline(root!, renumbered);
  return renameOutputs({ pipelineInfo, schemaVersion, root: inlined } as unknown as JsonValue);
}

/** Numbers groups from outside in, siblings in the order of their own numbers. */
function renumberGroups(spec: PipelineSpecJson): PipelineSpecJson {
  const names = new Map<string, string>();
  const visit = (component: Component | undefined): void => {
    const tasks = Object.entries(component?.dag?.tasks ?? {});
    const groups = tasks
      .filter(([name]) => isGroup(name))
      .sort(([left], [right]) => Number(left.split('-').at(-1)) - Number(right.split('-').at(-1)));
    for (const [name, task] of groups) {
      names.set(name, name.replace(/\d+$/, `(${names.size + 1})`));
      visit(spec.components?.[task.componentRef?.name ?? '']);
    }
  };
  visit(spec.root);
  const text = JSON.stringify(spec).replace(GROUP, (name) => names.get(name) ?? name);
  return JSON.parse(text) as PipelineSpecJson;
}

function isGroup(name: string): boolean {
  return /^(condition-branches|condition|for-loop|exit-handler)-[(\d)]+$/.test(name);
}

/** Removes one input that is passed into a group and read by nothing there. */
function dropUnusedInput(spec: PipelineSpecJson): boolean {
  for (const dag of [spec.root, ...Object.values(spec.components ?? {})].map((one) => one?.dag)) {
    for (const [name, task] of Object.entries(dag?.tasks ?? {})) {
      const component = spec.components?.[task.componentRef?.name ?? ''];
      if (isGroup(name) && component !== undefined && dropFrom(task, component)) return true;
    }
  }
  return false;
}

function dropFrom(task: Task, component: Component): boolean {
  const { inputDefinitions } = component;
  const readers = JSON.stringify([
    component.dag,
    task.triggerPolicy,
    task.parameterIterator,
    task.artifactIterator,
  ]);
  for (const kind of ['parameters', 'artifacts'] as const) {
    for (const name of Object.keys(inputDefinitions?.[kind] ?? {})) {
      if (readers.includes(`"${name}"`) || readers.includes(`'${name}'`)) continue;
      delete inputDefinitions![kind]![name];
      delete task.inputs?.[kind]?.[name];
      return true;
    }
  }
  return false;
}

function inline(component: Component, spec: PipelineSpecJson): JsonValue {
  const { executorLabel, dag, ...rest } = component;
  if (dag === undefined) {
    const executors = spec.deploymentSpec?.['executors'] as Json;
    return { ...(rest as Json), executor: executors[executorLabel!]! };
  }
  const tasks = Object.entries(dag.tasks ?? {}).map(([name, { componentRef, ...task }]) => [
    name,
    {
      ...(task as Json),
      component: inline(spec.components![componentRef!.name!]!, spec),
    },
  ]) as [string, JsonValue][];
  return { ...(rest as Json), dag: { ...(dag as Json), tasks: Object.fromEntries(tasks) } };
}

/** Calls the only output of every group `out`, where it is declared and where it is read. */
function renameOutputs(value: JsonValue, owner = ''): JsonValue {
  if (typeof value === 'string' && STRUCTURE.test(value)) return JSON.parse(value) as JsonValue;
  if (Array.isArray(value)) return value.map((item: JsonValue) => renameOutputs(item));
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value as Json).map(([key, item]): [string, JsonValue] => {
    if (key === 'raw' && typeof item === 'string') return [key, JSON.parse(item) as JsonValue];
    const isOwned = isGroup(owner) && (key === 'outputs' || key === 'outputDefinitions');
    return [key, renameOutputs(isOwned ? singleOutput(item) : item, ownerOf(owner, key))];
  });
  const renamed = Object.fromEntries(fields);
  const producer = renamed['producerTask'] ?? renamed['producerSubtask'];
  for (const key of ['outputParameterKey', 'outputArtifactKey']) {
    if (typeof producer === 'string' && isGroup(producer) && key in renamed) renamed[key] = 'out';
  }
  return Object.keys(renamed).length === 0 ? {} : renamed;
}

// A group's fields are reached through `component` and `dag`; its tasks are owned by themselves.
function ownerOf(owner: string, key: string): string {
  return key === 'component' || key === 'dag' ? owner : key;
}

function singleOutput(outputs: JsonValue): JsonValue {
  const kinds = Object.entries(outputs as Json).map(([kind, byName]): [string, JsonValue] => {
    const values = Object.values(byName as Json);
    if (values.length > 1) throw new Error('a group with several outputs cannot be normalised');
    return [kind, { out: values[0]! }];
  });
  return Object.fromEntries(kinds);
}
