// The whole graph of a pipeline with the states of one run: what ran, and what was never reached.
//
// G1. The spec decides which nodes there are: a branch not taken is still drawn.
// G2. A loop is drawn once; its iterations are summed up in the states of its tasks.

import type { TaskStatus, TaskView } from '../../contract/index.js';
import type { PipelineSpecJson } from '../../ir/index.js';
import {
  extendGraph,
  pipelineGraph,
  type Graph,
  type PipelineGroup,
  type PipelineNode,
} from '../graph/index.js';

/** How the tasks of a run that a node stands for ended. */
export interface NodeState {
  readonly status: TaskStatus;
  readonly cached: boolean;
  readonly seconds?: number;
  /** How many tasks of the run this node stands for; over 1 inside loops. */
  readonly count: number;
  /** How many of them succeeded. */
  readonly succeeded: number;
}

export type RunNode = PipelineNode & NodeState;
export type RunGroup = PipelineGroup & Pick<NodeState, 'status'>;
export type RunGraph = Graph<RunNode, RunGroup>;

type ViewsByPath = ReadonlyMap<string, readonly TaskView[]>;

/** Joins the spec's tasks with the run's states (G1). */
export function buildGraph(spec: PipelineSpecJson, views: readonly TaskView[]): RunGraph {
  const byPath = groupByPath(views);
  const stateOf = (path: string): NodeState => summarize(byPath.get(path) ?? []);
  return extendGraph(pipelineGraph(spec), {
    ofNode: ({ path }) => stateOf(path),
    ofGroup: ({ path }) => ({ status: stateOf(path).status }),
  });
}

/** Path without iteration indexes: `for-loop-1/2/train` → `for-loop-1/train`. */
export function specPath(taskPath: string): string {
  return taskPath
    .split('/')
    .filter((segment) => !/^\d+$/.test(segment))
    .join('/');
}

function groupByPath(views: readonly TaskView[]): ViewsByPath {
  const byPath = new Map<string, TaskView[]>();
  for (const view of views) {
    const path = specPath(view.name);
    byPath.set(path, [...(byPath.get(path) ?? []), view]);
  }
  return byPath;
}

// The state that matters most comes first: one failed iteration makes the node red.
const PRECEDENCE: readonly TaskStatus[] = [
  'failed',
  'running',
  'canceled',
  'pending',
  'not_triggered',
  'succeeded',
  'skipped',
];

function summarize(all: readonly TaskView[]): NodeState {
  const iterations = all.filter(({ kind }) => kind !== 'loop');
  const views = iterations.length > 0 ? iterations : all;
  const seconds = views.flatMap((view) => (view.seconds === undefined ? [] : [view.seconds]));
  return {
    status: PRECEDENCE.find((status) => views.some((view) => view.status === status)) ?? 'pending',
    cached: views.length > 0 && views.every((view) => view.cached),
    seconds: seconds.length === 0 ? undefined : seconds.reduce((sum, value) => sum + value, 0),
    count: views.length,
    succeeded: views.filter((view) => view.status === 'succeeded').length,
  };
}
