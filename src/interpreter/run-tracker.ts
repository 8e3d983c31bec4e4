// The state of every task of a run, for queries and the final result.
//
// T1. Tasks are listed in the order they were first seen, parents before children: the same on every replay.

import type {
  ArtifactRef,
  DecisionView,
  DeploymentView,
  ErrorView,
  TaskStatus,
  TaskView,
} from '../contract/index.js';
import type { JsonObject, JsonValue } from '../util/json.js';
import type { FlowValues } from './flow-values.js';

type MutableTask = { -readonly [Key in keyof TaskView]: TaskView[Key] };

export class RunTracker {
  private readonly tasks = new Map<string, MutableTask>();
  private readonly deployments = new Map<string, DeploymentView>();

  constructor(private readonly now: () => number) {}

  /** Announces a task; keeps what is known when it was announced before. */
  announce(name: string, kind: TaskView['kind'], displayName?: string): void {
    if (this.tasks.has(name)) return;
    const shown = displayName === name.split('/').at(-1) ? undefined : displayName;
    const fresh = { status: 'pending', cached: false, attempts: 0 } as const;
    this.tasks.set(name, { name, displayName: shown, kind, ...fresh });
  }

  started(name: string): void {
    const task = this.task(name);
    task.status = 'running';
    task.startedAt ??= this.timestamp();
  }

  attempted(name: string, attempt: number): void {
    this.task(name).attempts = attempt;
  }

  /** Why a task of a retry runs again. */
  explained(name: string, reason: string | undefined): void {
    if (reason !== undefined) this.task(name).reason = reason;
  }

  succeeded(
    name: string,
    outputs: FlowValues,
    execution: { readonly manifestKey?: string; readonly cached?: boolean } = {},
  ): void {
    const task = this.finish(name, 'succeeded');
    task.outputs = viewOfValues(outputs);
    task.manifestKey = execution.manifestKey;
    task.cached = execution.cached ?? false;
  }

  ended(
    name: string,
    status: TaskStatus,
    details: { reason?: string; error?: ErrorView } = {},
  ): void {
    const task = this.finish(name, status);
    task.reason = details.reason ?? task.reason;
    task.error = details.error;
  }

  progressed(name: string, iterations: NonNullable<TaskView['iterations']>): void {
    this.task(name).iterations = iterations;
  }

  judged(name: string, decision: DecisionView): void {
    this.task(name).decision = decision;
  }

  deployed(name: string, deployment: DeploymentView): void {
    this.deployments.set(name, deployment);
  }

  deploymentAt(name: string): DeploymentView | undefined {
    return this.deployments.get(name);
  }

  list(): TaskView[] {
    return [...this.tasks.values()].map((task) => ({ ...task }));
  }

  private finish(name: string, status: TaskStatus): MutableTask {
    const task = this.task(name);
    task.status = status;
    if (task.startedAt !== undefined) {
      task.finishedAt = this.timestamp();
      task.seconds = (Date.parse(task.finishedAt) - Date.parse(task.startedAt)) / 1000;
    }
    return task;
  }

  private task(name: string): MutableTask {
    const task = this.tasks.get(name);
    if (task === undefined) throw new Error(`task ${name} was never announced`);
    return task;
  }

  private timestamp(): string {
    return new Date(this.now()).toISOString();
  }
}

/** Flow values as plain JSON. */
export function viewOfValues(values: FlowValues): {
  parameters: JsonObject;
  artifacts: Record<string, readonly ArtifactRef[]>;
} {
  const parameters: Record<string, JsonValue> = {};
  for (const [name, { value }] of values.parameters) parameters[name] = value;
  return { parameters, artifacts: Object.fromEntries(values.artifacts) };
}
