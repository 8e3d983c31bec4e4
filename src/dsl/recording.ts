// Pipelines while their build functions run.
//
// C1. Recording is synchronous: the innermost pipeline being built is the last of `stack`.
// C2. Task names are unique within one pipeline, so that a name in an error means one task.

import { dslErrors } from '../errors/index.js';
import type { Condition, Group, GroupKind } from './graph.js';

interface Recording {
  /** Groups being filled, innermost last; the first is the pipeline itself. */
  readonly open: Group[];
  readonly taskNames: Set<string>;
  /** Conditions that nothing has used yet. */
  readonly looseConditions: Set<Condition>;
}

const stack: Recording[] = [];

/** Starts a group without children. */
export function createGroup(
  kind: GroupKind,
  details: Partial<
    Pick<Group, 'displayName' | 'parent' | 'condition' | 'iteration' | 'exitTask'>
  > = {},
): Group {
  return { kind, name: kind, children: [], outputs: new Map(), ...details };
}

/** Runs a pipeline's build function with an empty root group to record into. */
export function record<Result>(pipeline: string, build: (root: Group) => Result): Result {
  const root = createGroup('pipeline');
  const recording: Recording = { open: [root], taskNames: new Set(), looseConditions: new Set() };
  stack.push(recording);
  try {
    const result = build(root);
    if (recording.looseConditions.size > 0) throw dslErrors.conditionNotUsed(pipeline);
    return result;
  } finally {
    stack.pop();
  }
}

/** The group that a task placed now belongs to. */
export function currentGroup(caller: string): Group {
  return currentRecording(caller).open.at(-1)!;
}

/** Runs `body` with `group` as the current group. */
export function withinGroup<Result>(group: Group, body: () => Result): Result {
  const { open } = currentRecording(group.kind);
  open.push(group);
  try {
    return body();
  } finally {
    open.pop();
  }
}

/** Notes a new condition, which something has to use before the pipeline is complete. */
export function expectUse(condition: Condition): void {
  currentRecording('a condition').looseConditions.add(condition);
}

/** Notes that a condition is used. */
export function noteUse(condition: Condition): void {
  currentRecording('a condition').looseConditions.delete(condition);
}

/**
 * Claims a task name (C2).
 *
 * @param wanted  given by the author: taken as it is, or refused with E_NAME_COLLISION
 * @param base    the component's name: made unique by `-2`, `-3`, … as KFP does
 */
export function claimTaskName(wanted: string | undefined, base: string): string {
  const { taskNames } = currentRecording(`component "${base}"`);
  if (wanted !== undefined && taskNames.has(wanted)) throw dslErrors.duplicateTaskName(wanted);
  const name = wanted ?? firstFree(base, taskNames);
  taskNames.add(name);
  return name;
}

/** The first of `base`, `base-2`, `base-3`, … that is not taken. */
export function firstFree(base: string, taken: { has(name: string): boolean }): string {
  if (!taken.has(base)) return base;
  let index = 2;
  while (taken.has(`${base}-${index}`)) index += 1;
  return `${base}-${index}`;
}

function currentRecording(caller: string): Recording {
  const recording = stack.at(-1);
  if (recording === undefined) throw dslErrors.calledOutsidePipeline(caller);
  return recording;
}
