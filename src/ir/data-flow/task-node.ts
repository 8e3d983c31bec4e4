import { ownEntry } from '../own-entry.js';
import type { SpecPath } from '../path.js';
import type { ComponentSpecJson, PipelineSpecJson, PipelineTaskSpecJson } from '../spec.js';

/** One place of a task in a pipeline: a component that is used twice makes two of each of its tasks. */
export interface TaskNode {
  /** Names from the root: `condition-1/deploy`; a loop stands for all its iterations. */
  readonly path: string;
  readonly task: PipelineTaskSpecJson;
  readonly component: ComponentSpecJson;
  /** Group that it is in; absent for tasks of the root. */
  readonly parent?: TaskNode;
  /** Where the task is written. */
  readonly specPath: SpecPath;
}

/** Lists the tasks that have no tasks below them, in the spec's order. */
export function leafNodes(spec: PipelineSpecJson): TaskNode[] {
  return childrenOf(spec).flatMap((node) => leavesBelow(spec, node));
}

/**
 * The node of a task of a run.
 *
 * @param path  with the indexes of iterations: `for-loop-1/2/train`
 */
export function nodeAt(spec: PipelineSpecJson, path: string): TaskNode | undefined {
  let found: TaskNode | undefined;
  for (const segment of path.split('/')) {
    const next = childOf(spec, found, segment);
    if (next !== undefined) found = next;
    else if (!/^\d+$/u.test(segment)) return undefined;
  }
  return found;
}

/** A task of a group, or of the root. */
export function childOf(
  spec: PipelineSpecJson,
  parent: TaskNode | undefined,
  name: string,
): TaskNode | undefined {
  const { component, specPath } = parent ?? { component: spec.root ?? {}, specPath: ['root'] };
  const task = ownEntry(component.dag?.tasks ?? {}, name);
  const used = task && ownEntry(spec.components ?? {}, task.componentRef?.name ?? '');
  if (task === undefined || used === undefined) return undefined;
  const at = parent === undefined ? specPath : ['components', parent.task.componentRef!.name!];
  return {
    path: parent === undefined ? name : `${parent.path}/${name}`,
    task,
    component: used,
    parent,
    specPath: [...at, 'dag', 'tasks', name],
  };
}

function childrenOf(spec: PipelineSpecJson, parent?: TaskNode): TaskNode[] {
  const names = Object.keys((parent?.component ?? spec.root ?? {}).dag?.tasks ?? {});
  return names.flatMap((name) => childOf(spec, parent, name) ?? []);
}

function leavesBelow(spec: PipelineSpecJson, node: TaskNode): TaskNode[] {
  if (node.component.dag === undefined) return [node];
  return childrenOf(spec, node).flatMap((child) => leavesBelow(spec, child));
}
