// The parts of a PipelineSpec that all DAGs share, while they are collected.

import type {
  ComponentSpecJson,
  ExecutorSpecJson,
  KubernetesExecutorConfigJson,
} from '../../ir/index.js';
import { firstFree } from '../recording.js';

/** Components and executors by their final names. */
export interface Emission {
  readonly components: Map<string, ComponentSpecJson>;
  readonly executors: Map<string, ExecutorSpecJson>;
  /** Kubernetes settings by executor label, of executors that have any. */
  readonly kubernetes: Map<string, KubernetesExecutorConfigJson>;
}

export function createEmission(): Emission {
  return { components: new Map(), executors: new Map(), kubernetes: new Map() };
}

/** Adds a component as `comp-<task>`, with a number when that is taken, and returns its name. */
export function addComponent(
  { components }: Emission,
  task: string,
  component: ComponentSpecJson,
): string {
  const name = firstFree(`comp-${task}`, components);
  components.set(name, component);
  return name;
}

/** Adds an executor as `exec-<task>`, with a number when that is taken, and returns its label. */
export function addExecutor(
  { executors }: Emission,
  task: string,
  executor: ExecutorSpecJson,
): string {
  const label = firstFree(`exec-${task}`, executors);
  executors.set(label, executor);
  return label;
}
