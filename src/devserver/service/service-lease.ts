import type { TemporalConnection } from '../../config/index.js';

/**
 * The right to use a running Temporal service, until closed.
 * With an external cluster it only carries the connection: nothing is started or ended.
 */
export interface ServiceLease {
  /** How to connect: hand it to the client. */
  readonly connection: TemporalConnection;
  /** `host:port`, as in `connection`. */
  readonly address: string;
  readonly namespace: string;
  /** Temporal's web UI; absent for an external cluster. */
  readonly uiUrl?: string;
  /** Whether workers started by Anneal are polling; false for an external cluster, whose workers are not ours. */
  readonly workersReady: boolean;
  /** Rejects when the service is lost for good (E_ENVIRONMENT, E_SERVER); never settles otherwise. */
  readonly lost: Promise<never>;
  /** Keeps the service up until that run has closed, even after this lease is closed. */
  hold(runId: string): Promise<void>;
  /** Gives the lease back; the last one out waits until nothing is left running. */
  close(): Promise<void>;
}
