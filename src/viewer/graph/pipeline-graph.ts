// The graph of a compiled pipeline: what there is to run, and what waits for what.
//
// G1. The spec decides which nodes there are, in its order: also branches that may never run.
// G2. A loop is drawn once, whatever it goes over.

import type {
  ComponentSpecJson,
  ExecutorSpecJson,
  PipelineSpecJson,
  PipelineTaskSpecJson,
} from '../../ir/index.js';
import type { Graph, GraphEdge, GraphItem, GroupItem } from './graph.js';
import {
  groupKind,
  groupMeaning,
  groupTitle,
  sourcesWithin,
  type GroupKind,
  type Sources,
} from './group-title.js';

/** A task that is carried out by an executor. */
export interface PipelineNode extends GraphItem {
  readonly kind: 'task' | 'importer';
  /** The container's image, or the address that is imported. */
  readonly detail: string;
  /** Runs however the tasks before have ended. */
  readonly always: boolean;
}

/** A task that is a DAG itself. */
export interface PipelineGroup extends GroupItem {
  readonly kind: GroupKind;
  /** Its condition, or what it goes over; empty for a pipeline within a pipeline. */
  readonly meaning: string;
}

export type PipelineGraph = Graph<PipelineNode, PipelineGroup>;

type Tasks = Readonly<Record<string, PipelineTaskSpecJson>>;

/** Where in the pipeline a DAG is. */
interface Place {
  readonly prefix: string;
  readonly sources: Sources;
}

/** Reads the graph of a validated pipeline (G1, G2). */
export function pipelineGraph(spec: PipelineSpecJson): PipelineGraph {
  return graphOf(tasksOf(spec.root), spec, { prefix: '', sources: new Map() });
}

function graphOf(tasks: Tasks, spec: PipelineSpecJson, { prefix, sources }: Place): PipelineGraph {
  const nodes: PipelineNode[] = [];
  const groups: (PipelineGroup & { readonly inner: PipelineGraph })[] = [];
  for (const [name, task] of Object.entries(tasks)) {
    const component = spec.components?.[task.componentRef?.name ?? ''];
    const item = { path: `${prefix}${name}`, label: task.taskInfo?.name || name };
    const inner = tasksOf(component);
    if (Object.keys(inner).length === 0) {
      nodes.push({ ...item, ...describeNode(task, component, spec) });
    } else {
      const kind = groupKind(name, tasks);
      const meaning = groupMeaning(kind, task, sources);
      const title = groupTitle(item.label, meaning);
      const place = { prefix: `${item.path}/`, sources: sourcesWithin(kind, task, sources) };
      groups.push({ ...item, kind, meaning, title, inner: graphOf(inner, spec, place) });
    }
  }
  return { nodes, groups, edges: edgesOf(tasks, prefix) };
}

function tasksOf(component: ComponentSpecJson | undefined): Tasks {
  return component?.dag?.tasks ?? {};
}

function describeNode(
  task: PipelineTaskSpecJson,
  component: ComponentSpecJson | undefined,
  { deploymentSpec }: PipelineSpecJson,
): Pick<PipelineNode, 'kind' | 'detail' | 'always'> {
  const executors = (deploymentSpec?.['executors'] ?? {}) as Record<string, ExecutorSpecJson>;
  const executor = executors[component?.executorLabel ?? ''];
  const always = runsAlways(task);
  if (executor?.importer === undefined) {
    return { kind: 'task', detail: executor?.container?.image ?? '', always };
  }
  const { constant, runtimeParameter } = executor.importer.artifactUri ?? {};
  const given = task.inputs?.parameters?.[runtimeParameter ?? ''];
  const address = constant ?? given?.runtimeValue?.constant ?? given?.componentInputParameter;
  return { kind: 'importer', detail: typeof address === 'string' ? address : '', always };
}

function runsAlways(task: PipelineTaskSpecJson): boolean {
  return task.triggerPolicy?.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED';
}

function edgesOf(tasks: Tasks, prefix: string): GraphEdge[] {
  return Object.entries(tasks).flatMap(([name, task]) =>
    producersOf(task)
      .filter((producer) => Object.hasOwn(tasks, producer))
      .map((producer) => ({
        from: `${prefix}${producer}`,
        to: `${prefix}${name}`,
        always: runsAlways(task),
      })),
  );
}

function producersOf(task: PipelineTaskSpecJson): string[] {
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
