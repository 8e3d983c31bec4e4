import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { EMBEDDED_NAMESPACE } from './temporal-server.js';

const RETRY_MS = 500;

/** Runs that keep the service up until they have closed. */
export class RunHolds {
  readonly #runs = new Set<string>();
  readonly #connection: () => Connection | undefined;
  readonly #onChange: () => void;

  /**
   * @param connection  to the server now running, if one is
   * @param onChange    called when a run was added or has closed
   */
  constructor(connection: () => Connection | undefined, onChange: () => void) {
    this.#connection = connection;
    this.#onChange = onChange;
  }

  get runIds(): string[] {
    return [...this.#runs];
  }

  /** Holds until the run has closed; a run that does not exist is let go at once. */
  add(runId: string): void {
    if (this.#runs.has(runId)) return;
    this.#runs.add(runId);
    this.#onChange();
    void this.#waitClosed(runId).then(() => this.release([runId]));
  }

  /** Lets go of runs, closed or not. */
  release(runIds: readonly string[]): void {
    const released = runIds.filter((runId) => this.#runs.delete(runId));
    if (released.length > 0) this.#onChange();
  }

  async #waitClosed(runId: string): Promise<void> {
    while (this.#runs.has(runId)) {
      const connection = this.#connection();
      if (connection !== undefined && (await this.#isClosed(connection, runId))) return;
      await delay(RETRY_MS);
    }
  }

  /** Waits on the server, not by asking again and again; false when the server went away meanwhile. */
  async #isClosed(connection: Connection, runId: string): Promise<boolean> {
    // Loaded by then: the connection is made of it.
    const { Client, WorkflowFailedError, WorkflowNotFoundError } =
      await import('@temporalio/client');
    const client = new Client({ connection, namespace: EMBEDDED_NAMESPACE });
    try {
      await client.workflow.getHandle(runId).result();
      return true;
    } catch (error) {
      // Failed, canceled and terminated runs have closed, unknown ones never ran; all else says nothing.
      return error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError;
    }
  }
}
