// Temporal's task queues: one name, the base, and what hangs on it.
//
// Q1. The base carries workflows and their local activities; each pool of workers has a queue of its own, so that
//     a machine without an accelerator never takes a task that needs one.
// Q2. A host has a queue too: what it handed over while it went on running there comes back to it.

/** Base that runs are started on when no setting says otherwise. */
export const TASK_QUEUE = 'anneal';

/** What a worker may do. */
export const WORKER_ROLES = ['orchestration', 'cpu', 'gpu', 'deploy'] as const;
export type WorkerRole = (typeof WORKER_ROLES)[number];

/** Roles that take activities from a queue of their own. */
export const TASK_POOLS = ['cpu', 'gpu', 'deploy'] as const;
export type TaskPool = (typeof TASK_POOLS)[number];

/** Queue of a pool (Q1). */
export function poolQueue(base: string, pool: TaskPool): string {
  return `${base}-${pool}`;
}

/** Queue of one host (Q2). @param host  see WorkerIdentity */
export function hostQueue(base: string, host: string): string {
  return `${base}@${host}`;
}

/** Where the tasks of a run are sent; decided when the run is prepared, so that it stays the same to its end. */
export interface TaskRouting {
  readonly base: string;
  /** Executor labels whose tasks need an accelerator. */
  readonly onGpu: readonly string[];
}

/** A worker, as lineage names it. */
export interface WorkerIdentity {
  /** The machine and the home on it: processes and containers of one are out of reach for another. */
  readonly host: string;
  /** The worker's process, as Temporal lists it. */
  readonly worker: string;
}

/** What an activity says when its worker stops before the task has ended; the run sends it out again. */
export interface HandOver {
  /** Host on which the task goes on running; absent when any worker may take it. */
  readonly host?: string;
  /** How long it goes on there without a worker, in seconds: after that any worker may start it afresh. */
  readonly keptSeconds?: number;
}
