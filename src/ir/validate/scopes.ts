import { ownEntry } from '../own-entry.js';
import type { SpecPath } from '../path.js';
import type { Pipeline } from '../pipeline.js';
import type { ComponentSpecJson, PipelineTaskSpecJson } from '../spec.js';

/** A component, or the root, and where it is in the spec. */
export interface Scope {
  /** `root`, or the component's name. */
  readonly name: string;
  readonly component: ComponentSpecJson;
  readonly path: SpecPath;
}

/** A task within a DAG. */
export interface TaskScope {
  readonly name: string;
  readonly task: PipelineTaskSpecJson;
  readonly path: SpecPath;
  /** The DAG's component. */
  readonly parent: Scope;
  /** The component the task runs; undefined when the spec has none of that name. */
  readonly component: ComponentSpecJson | undefined;
}

/** The root and all components, in the spec's order. */
export function scopesOf({ spec }: Pipeline): Scope[] {
  const components = Object.entries(spec.components ?? {}).map(([name, component]) => ({
    name,
    component,
    path: ['components', name],
  }));
  return [{ name: 'root', component: spec.root ?? {}, path: ['root'] }, ...components];
}

/** The tasks of a component's DAG, in the spec's order; none for an executor. */
export function tasksOf(parent: Scope, pipeline: Pipeline): TaskScope[] {
  return Object.entries(parent.component.dag?.tasks ?? {}).map(([name, task]) => ({
    name,
    task,
    path: [...parent.path, 'dag', 'tasks', name],
    parent,
    component: ownEntry(pipeline.spec.components, task.componentRef?.name ?? ''),
  }));
}
