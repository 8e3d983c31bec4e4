// What is said of a group: its condition, or what it goes over.

import type { PipelineTaskSpecJson } from '../../ir/index.js';

export type GroupKind = 'dag' | 'loop' | 'condition' | 'branches' | 'exit-handler';

/** What kind of DAG a task is, by its own fields and by what waits for it. */
export function groupKind(
  name: string,
  siblings: Readonly<Record<string, PipelineTaskSpecJson>>,
): GroupKind {
  const task = siblings[name]!;
  if (task.parameterIterator !== undefined || task.artifactIterator !== undefined) return 'loop';
  if (task.triggerPolicy?.condition) return 'condition';
  // kfp.dsl.tasks_group: the name is all that tells these from a pipeline within a pipeline.
  if (/^condition-branches-\d+$/.test(name)) return 'branches';
  return /^exit-handler-\d+$/.test(name) ? 'exit-handler' : 'dag';
}

/** Where the inputs of a DAG come from, in words, by their names in it. */
export type Sources = ReadonlyMap<string, string>;

/** What a group means: `if evaluate.passed == true`, `for each of words, at most 2 at once`. */
export function groupMeaning(kind: GroupKind, task: PipelineTaskSpecJson, around: Sources): string {
  switch (kind) {
    case 'dag':
      return '';
    case 'branches':
      return 'one of';
    case 'exit-handler':
      return 'exit handler';
    case 'condition':
      return `if ${readableCondition(task, around)}`;
    case 'loop':
      return `for each of ${loopItems(task, around)}${parallelism(task)}`;
  }
}

/** Names that the compilers make up, which say nothing. */
const MADE_UP = /^(?:condition|condition-branches|for-loop|exit-handler)-\d+$/;

/** What is written on a group: its name, where its author gave it one, and its meaning. */
export function groupTitle(label: string, meaning: string): string {
  if (meaning === '') return label;
  return MADE_UP.test(label) ? meaning : `${label}: ${meaning}`;
}

/**
 * The sources of a group's inputs as tasks within it see them. A pipeline within a pipeline has names
 * of its own for its inputs; branches and loops only hand on what is around them.
 */
export function sourcesWithin(
  kind: GroupKind,
  task: PipelineTaskSpecJson,
  around: Sources,
): Sources {
  if (kind === 'dag') return new Map();
  const { parameters = {}, artifacts = {} } = task.inputs ?? {};
  const passed = [...Object.keys(parameters), ...Object.keys(artifacts)];
  const sources = new Map(passed.map((name) => [name, sourceOf(task, name, around)]));
  const item = task.parameterIterator?.itemInput ?? task.artifactIterator?.itemInput;
  if (item !== undefined) sources.set(item, 'item');
  return sources;
}

/** A reference of the expression, with the casts around it. */
const REFERENCE = /inputs\.parameter_values\['([^']*)'\]/g;
const CAST_REFERENCE = /\b(?:int|double)\((inputs\.parameter_values\['[^']*'\])\)/g;

function readableCondition(task: PipelineTaskSpecJson, around: Sources): string {
  const uncast = (text: string): string => text.replace(CAST_REFERENCE, '$1');
  const condition = uncast(uncast(task.triggerPolicy?.condition ?? ''));
  return condition.replace(REFERENCE, (_, name: string) => sourceOf(task, name, around)).trim();
}

function loopItems(task: PipelineTaskSpecJson, around: Sources): string {
  const artifacts = task.artifactIterator?.items?.inputArtifact;
  const { inputParameter, raw } = task.parameterIterator?.items ?? {};
  const name = artifacts ?? inputParameter;
  if (name !== undefined) return sourceOf(task, name, around);
  const count = countItems(raw);
  return count === undefined ? 'a list' : `${count} item${count === 1 ? '' : 's'}`;
}

function countItems(raw: string | undefined): number | undefined {
  try {
    const items: unknown = JSON.parse(raw ?? '');
    return Array.isArray(items) ? items.length : undefined;
  } catch {
    return undefined;
  }
}

function parallelism({ iteratorPolicy }: PipelineTaskSpecJson): string {
  const limit = iteratorPolicy?.parallelismLimit ?? 0;
  return limit > 0 ? `, at most ${limit} at once` : '';
}

/** Where an input comes from: `task.output`, or the input of the pipeline around. */
function sourceOf({ inputs }: PipelineTaskSpecJson, name: string, around: Sources): string {
  const parameter = inputs?.parameters?.[name];
  const artifact = inputs?.artifacts?.[name];
  if (parameter?.taskOutputParameter !== undefined) {
    const { producerTask, outputParameterKey } = parameter.taskOutputParameter;
    return `${producerTask}.${outputParameterKey}`;
  }
  if (artifact?.taskOutputArtifact !== undefined) {
    const { producerTask, outputArtifactKey } = artifact.taskOutputArtifact;
    return `${producerTask}.${outputArtifactKey}`;
  }
  const outer = parameter?.componentInputParameter ?? artifact?.componentInputArtifact ?? name;
  const source = around.get(outer) ?? outer.replace(/^pipelinechannel--/, '');
  return `${source}${fieldOf(parameter?.parameterExpressionSelector)}`;
}

/** `parseJson(string_value)["rate"]` → `.rate` */
function fieldOf(selector: string | undefined): string {
  const [, field] = /^parseJson\(string_value\)\["([^"]+)"\]$/.exec(selector ?? '') ?? [];
  return field === undefined ? '' : `.${field}`;
}
