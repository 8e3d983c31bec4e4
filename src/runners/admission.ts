import type { LaunchSpec, Runner } from './runner.js';

/** Which execution it is, where its files are, and what it asks for. */
export type AdmissionWish = Pick<LaunchSpec, 'id' | 'folder' | 'resources'>;

export interface AdmissionContext {
  readonly runner: Runner;
  readonly signal: AbortSignal;
  /** Told what the task waits for. */
  readonly progress: (state: string) => void;
}

/**
 * Settles when a task may start; the function it gives is called when the task has left the machine.
 * @throws E_TASK_RESOURCES when it never may; E_TASK_HANDED_OVER when another worker should try; E_TASK_CANCELED
 */
export type Admission = (wish: AdmissionWish, context: AdmissionContext) => Promise<() => void>;

/** Admits every task at once. */
export const atOnce: Admission = () => Promise.resolve(() => undefined);
