import type { TaskView } from '../../contract/index.js';

/** Loops of more iterations than this are summed up instead of listed. */
export const MAX_LISTED_ITERATIONS = 3;

export interface LoopProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * How far a loop is, when it is too large to list.
 *
 * @param below  the tasks below the loop, at any depth
 * @returns undefined for a loop small enough to list
 */
export function loopProgress(loop: TaskView, below: readonly TaskView[]): LoopProgress | undefined {
  if (loop.iterations !== undefined && below.length === 0) {
    const { succeeded, failed, canceled, total } = loop.iterations;
    return total === 0 ? undefined : { done: succeeded + failed + canceled, total };
  }
  const isIterationDone = new Map<string, boolean>();
  for (const { name, status } of below) {
    const iteration = name.slice(loop.name.length + 1).split('/', 1)[0]!;
    const isDone = status !== 'pending' && status !== 'running';
    isIterationDone.set(iteration, (isIterationDone.get(iteration) ?? true) && isDone);
  }
  if (isIterationDone.size <= MAX_LISTED_ITERATIONS) return undefined;
  const done = [...isIterationDone.values()].filter(Boolean).length;
  return { done, total: loop.iterations?.total ?? isIterationDone.size };
}
