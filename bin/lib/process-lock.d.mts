import type { ProcessIdentity } from './process-identity.mjs';

export interface AcquireLockOptions {
  /** How long to wait for a live holder, milliseconds; default 0. */
  readonly waitMs?: number;
  /** Called once when there is a wait. */
  readonly onWait?: (holder: ProcessIdentity | undefined) => void;
}

/** Takes a lock between processes; returns how to give it back, or undefined when it is held. */
export function acquireLock(
  file: string,
  options?: AcquireLockOptions,
): Promise<(() => void) | undefined>;

/** Tells which live process holds the lock. */
export function readLockHolder(file: string): ProcessIdentity | undefined;
