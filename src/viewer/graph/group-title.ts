// What is said of a group: its condition, or what it goes over.

import type { PipelineTaskSpecJson } from '../../ir/index.js';

export type GroupKind = 'dag' | 'loop' | 'condition' | 'branches' | 'exit-handler';

/** Names that the compilers make up, which say nothing. */
const MADE_UP = /^(?:condition|condition-branches|for-loop|exit-handler)-\d+$/;

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

/** One line: `if evaluate.passed == true`, `for each of words, at most 2 at once`. */
export function groupTitle(group: {
  readonly name: string;
  readonly label: string;
  readonly kind: GroupKind;
  readonly task: PipelineTaskSpecJson;
}): string {
  const { label, kind, task } = group;
  const what = WORDS[kind](task);
  if (MADE_UP.test(label)) return what || label;
  return what === '' ? label : `${label}: ${what}`;
}

const WORDS: Readonly<Record<GroupKind, (task: PipelineTaskSpecJson) => string>> = {
  dag: () => '',
  branches: () => 'one of',
  'exit-handler': () => 'exit handler',
  condition: (task) => `if ${readableCondition(task)}`,
  loop: (task) => `for each of ${loopItems(task)}${parallelism(task)}`,
};

/** A reference of the expression, with the casts around it. */
const REFERENCE = /inputs\.parameter_values\['([^']*)'\]/g;
const CAST_REFERENCE = /\b(?:int|double)\((inputs\.parameter_values\['[^']*'\])\)/g;

function readableCondition(task: PipelineTaskSpecJson): string {
  const uncast = (text: string): string => text.replace(CAST_REFERENCE, '$1');
  const condition = uncast(uncast(task.triggerPolicy?.condition ?? ''));
  return condition.replace(REFERENCE, (_, name: string) => sourceOf(task, name)).trim();
}

function loopItems(task: PipelineTaskSpecJson): string {
  const artifacts = task.artifactIterator?.items?.inputArtifact;
  const { inputParameter, raw } = task.parameterIterator?.items ?? {};
  const name = artifacts ?? inputParameter;
  if (name !== undefined) return sourceOf(task, name);
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

/** Where an input comes from: `task.output`, or the input of the DAG around. */
function sourceOf({ inputs }: PipelineTaskSpecJson, name: string): string {
  const parameter = inputs?.parameters?.[name];
  const artifact = inputs?.artifacts?.[name];
  const output = parameter?.taskOutputParameter ?? artifact?.taskOutputArtifact;
  if (output !== undefined) {
    const key = 'outputParameterKey' in output ? output.outputParameterKey : undefined;
    const artifactKey = 'outputArtifactKey' in output ? output.outputArtifactKey : undefined;
    return `${output.producerTask}.${key ?? artifactKey}`;
  }
  const outer = parameter?.componentInputParameter ?? artifact?.componentInputArtifact ?? name;
  return outer.replace(/^pipelinechannel--/, '');
}
