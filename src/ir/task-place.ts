// Where a task stands in a pipeline, by the path that runs give it: `for-loop-1/2/train`.
//
// T1. A path may leave the index of a loop's iteration out: it then means all iterations.

import { upstreamTasks } from './dependencies.js';
import { ownEntry } from './own-entry.js';
import type { DagSpecJson, PipelineSpecJson, PipelineTaskSpecJson } from './spec.js';

/** Whether the pipeline has a task at that path (T1). */
export function hasTask(spec: PipelineSpecJson, path: string): boolean {
  let dag = spec.root?.dag;
  let loop = false;
  for (const segment of path.split('/')) {
    if (loop && isIndex(segment)) {
      loop = false;
      continue;
    }
    const task = taskOf(dag, segment);
    if (task === undefined) return false;
    loop = isLoop(task);
    dag = dagBelow(spec, task);
  }
  return true;
}

/** How a task stands to another: `at` is the other itself or a part of it. */
export type Place = 'at' | 'after' | 'elsewhere';

/**
 * Tells whether a task belongs to another one, or needs, directly or not, that the other has ended.
 *
 * @param task   path with all indexes
 * @param other  path of the task or group compared with (T1)
 */
export function placeOf(spec: PipelineSpecJson, task: string, other: string): Place {
  const path = task.split('/');
  const wanted = other.split('/');
  let dag = spec.root?.dag;
  let loop = false;
  for (let index = 0; wanted.length > 0; index += 1) {
    const segment = path[index];
    if (segment === undefined) return 'elsewhere';
    if (loop && isIndex(segment)) {
      loop = false;
      if (!isIndex(wanted[0]!)) continue; // T1
      if (wanted.shift() !== segment) return 'elsewhere';
      continue;
    }
    const next = wanted.shift()!;
    if (segment !== next) return dependsOn(dag, segment, next) ? 'after' : 'elsewhere';
    const found = taskOf(dag, segment);
    loop = found !== undefined && isLoop(found);
    dag = found && dagBelow(spec, found);
  }
  return 'at';
}

function dependsOn(dag: DagSpecJson | undefined, task: string, other: string): boolean {
  const visited = new Set<string>();
  const waiting = [task];
  for (const name of waiting) {
    if (visited.has(name)) continue;
    visited.add(name);
    const found = taskOf(dag, name);
    if (found !== undefined) waiting.push(...upstreamTasks(found));
  }
  return task !== other && visited.has(other);
}

function taskOf(dag: DagSpecJson | undefined, name: string): PipelineTaskSpecJson | undefined {
  return ownEntry(dag?.tasks ?? {}, name);
}

function dagBelow(spec: PipelineSpecJson, task: PipelineTaskSpecJson): DagSpecJson | undefined {
  return ownEntry(spec.components ?? {}, task.componentRef?.name ?? '')?.dag;
}

function isLoop(task: PipelineTaskSpecJson): boolean {
  return task.parameterIterator !== undefined || task.artifactIterator !== undefined;
}

function isIndex(segment: string): boolean {
  return /^\d+$/u.test(segment);
}
