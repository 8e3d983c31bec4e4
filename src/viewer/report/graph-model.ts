// The whole graph of a pipeline with the states of one run: what ran, and what was never reached.
//
// G1. The spec decides which nodes there are: a branch not taken is still drawn.
// G2. A loop is drawn once; its iterations are summed up in the states of its tasks.

import type { TaskStatus, TaskView } from '../../contract/index.js';
import type { PipelineSpecJson, PipelineTaskSpecJson } from '../../ir/index.js';

export interface GraphNode {
  /** Path in the spec: without iteration indexes. */
  readonly path: string;
  readonly label: string;
  readonly status: TaskStatus;
  readonly cached: boolean;
  readonly seconds?: number;
  /** How many tasks of the run this node stands for; over 1 inside loops. */
  readonly count: number;
  /** How many of them succeeded. */
  readonly succeeded: number;
}

/** A task that is a DAG itself. */
export interface GraphGroup {
  readonly path: string;
  readonly label: string;
  readonly kind: 'dag' | 'loop' | 'condition';
  readonly status: TaskStatus;
  readonly inner: Graph;
}

/** From producer to consumer: paths of two items of the same graph. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface Graph {
  /** In the spec's order. */
  readonly nodes: readonly GraphNode[];
  readonly groups: readonly GraphGroup[];
  readonly edges: readonly GraphEdge[];
}

type ViewsByPath = ReadonlyMap<string, readonly TaskView[]>;

/** Joins the spec's tasks with the run's states (G1). */
export function buildGraph(spec: PipelineSpecJson, views: readonly TaskView[]): Graph {
  return graphOf(spec.root?.dag?.tasks ?? {}, '', spec, groupByPath(views));
}

/** Every node of a graph and of the graphs inside it. */
export function allNodes({ nodes, groups }: Graph): GraphNode[] {
  return [...nodes, ...groups.flatMap(({ inner }) => allNodes(inner))];
}

function graphOf(
  tasks: Readonly<Record<string, PipelineTaskSpecJson>>,
  prefix: string,
  spec: PipelineSpecJson,
  views: ViewsByPath,
): Graph {
  const nodes: GraphNode[] = [];
  const groups: GraphGroup[] = [];
  for (const [name, task] of Object.entries(tasks)) {
    const path = `${prefix}${name}`;
    const label = task.taskInfo?.name || name;
    const state = summarize(views.get(path) ?? []);
    const inner = spec.components?.[task.componentRef?.name ?? '']?.dag?.tasks ?? {};
    if (Object.keys(inner).length === 0) nodes.push({ path, label, ...state });
    else {
      const { status } = state;
      const graph = graphOf(inner, `${path}/`, spec, views);
      groups.push({ path, label, kind: groupKind(task), status, inner: graph });
    }
  }
  return { nodes, groups, edges: edgesOf(tasks, prefix) };
}

function edgesOf(
  tasks: Readonly<Record<string, PipelineTaskSpecJson>>,
  prefix: string,
): GraphEdge[] {
  return Object.entries(tasks).flatMap(([name, task]) =>
    dependenciesOf(task)
      .filter((producer) => Object.hasOwn(tasks, producer))
      .map((producer) => ({ from: `${prefix}${producer}`, to: `${prefix}${name}` })),
  );
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

function groupKind(task: PipelineTaskSpecJson): GraphGroup['kind'] {
  if (task.parameterIterator !== undefined || task.artifactIterator !== undefined) return 'loop';
  return task.triggerPolicy?.condition ? 'condition' : 'dag';
}

function dependenciesOf(task: PipelineTaskSpecJson): string[] {
  const parameters = Object.values(task.inputs?.parameters ?? {});
  const artifacts = Object.values(task.inputs?.artifacts ?? {});
  const producers = [
    ...(task.dependentTasks ?? []),
    ...parameters.map(
      (input) => input.taskOutputParameter?.producerTask ?? input.taskFinalStatus?.producerTask,
    ),
    ...artifacts.map((input) => input.taskOutputArtifact?.producerTask),
  ];
  return [...new Set(producers.filter((name) => name !== undefined))];
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

function summarize(
  all: readonly TaskView[],
): Pick<GraphNode, 'status' | 'cached' | 'seconds' | 'count' | 'succeeded'> {
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
