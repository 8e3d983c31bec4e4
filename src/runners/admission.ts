import type { LaunchSpec, Runner } from './runner.js';

export interface AdmissionContext {
  readonly runner: Runner;
  readonly signal: AbortSignal;
  /** Told what the task waits for. */
  readonly progress: (state: string) => void;
}

/**
 * Settles when a task may start; the function it gives is called when the task has left the machine.
 * @throws E_TASK_RESOURCES when it never may; what aborted the wait
 */
export type Admission = (spec: LaunchSpec, context: AdmissionContext) => Promise<() => void>;

/** Admits every task at once. */
export const atOnce: Admission = () => Promise.resolve(() => undefined);
