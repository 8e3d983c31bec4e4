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
  readonly group?: string;
}

export interface GraphGroup {
  readonly path: string;
  readonly label: string;
  readonly kind: 'dag' | 'loop' | 'condition';
  readonly status: TaskStatus;
  readonly parent?: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface GraphModel {
  readonly nodes: readonly GraphNode[];
  readonly groups: readonly GraphGroup[];
  readonly edges: readonly GraphEdge[];
}

type Tasks = Readonly<Record<string, PipelineTaskSpecJson>>;

/** Joins the spec's tasks with the run's states (G1). */
export function buildGraph(spec: PipelineSpecJson, views: readonly TaskView[]): GraphModel {
  const builder = new GraphBuilder(spec, groupByPath(views));
  builder.addDag(spec.root?.dag?.tasks ?? {}, undefined);
  return builder.model;
}

/** Path without iteration indexes: `for-loop-1/2/train` → `for-loop-1/train`. */
export function specPath(taskPath: string): string {
  return taskPath
    .split('/')
    .filter((segment) => !/^\d+$/.test(segment))
    .join('/');
}

function groupByPath(views: readonly TaskView[]): Map<string, TaskView[]> {
  const byPath = new Map<string, TaskView[]>();
  for (const view of views) {
    const path = specPath(view.name);
    byPath.set(path, [...(byPath.get(path) ?? []), view]);
  }
  return byPath;
}

/** The nodes an edge may end at: those a task starts with and those it ends with. */
interface Ends {
  readonly entries: readonly string[];
  readonly exits: readonly string[];
}

class GraphBuilder {
  readonly model = {
    nodes: [] as GraphNode[],
    groups: [] as GraphGroup[],
    edges: [] as GraphEdge[],
  };

  constructor(
    private readonly spec: PipelineSpecJson,
    private readonly views: ReadonlyMap<string, readonly TaskView[]>,
  ) {}

  addDag(tasks: Tasks, parent: string | undefined): Ends {
    const ends = new Map(
      Object.entries(tasks).map(([name, task]) => [name, this.#addTask(name, task, parent)]),
    );
    const consumed = new Set<string>();
    const entries: string[] = [];
    for (const [name, task] of Object.entries(tasks)) {
      const producers = dependenciesOf(task).filter((producer) => ends.has(producer));
      producers.forEach((producer) => consumed.add(producer));
      if (producers.length === 0) entries.push(...ends.get(name)!.entries);
      for (const producer of producers) this.#connect(ends.get(producer)!, ends.get(name)!);
    }
    const exits = [...ends].flatMap(([name, { exits }]) => (consumed.has(name) ? [] : exits));
    return { entries, exits };
  }

  #addTask(name: string, task: PipelineTaskSpecJson, parent: string | undefined): Ends {
    const path = parent === undefined ? name : `${parent}/${name}`;
    const inner = this.spec.components?.[task.componentRef?.name ?? '']?.dag?.tasks ?? {};
    const views = this.views.get(path) ?? [];
    const label = task.taskInfo?.name || name;
    if (Object.keys(inner).length === 0) {
      this.model.nodes.push({ path, label, group: parent, ...summarize(views) });
      return { entries: [path], exits: [path] };
    }
    const { status } = summarize(views);
    this.model.groups.push({ path, label, kind: groupKind(task), status, parent });
    return this.addDag(inner, path);
  }

  #connect(producer: Ends, consumer: Ends): void {
    for (const from of producer.exits) {
      for (const to of consumer.entries) this.model.edges.push({ from, to });
    }
  }
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
