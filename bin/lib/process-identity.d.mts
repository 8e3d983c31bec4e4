/** One process, told from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Boot and start time, in a form that only compares. */
  readonly startedAt: string;
}

/** Identifies a live process; undefined when it is gone, or dead and not yet reaped. */
export function identifyProcess(pid: number): ProcessIdentity | undefined;

/** Whether the very process that was identified is still alive. */
export function isSameProcessAlive(identity: ProcessIdentity): boolean;
