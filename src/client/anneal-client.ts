// The door to Anneal for programs: start runs, follow them, find them again.
//
// A1. Starting twice with one run id starts one run: the second call ends with E_ALREADY_STARTED,
//     also after the first run has closed.
// A2. Every error that leaves here is an AnnealError.
// A3. A run outlives the server's retention: its stored record answers when the server has forgotten it.

import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import {
  PIPELINE_WORKFLOW,
  RUN_QUERY,
  TASK_QUEUE,
  type PauseRequest,
  type RunView,
  type StuckView,
} from '../contract/index.js';
import { clientErrors } from '../errors/index.js';
import {
  listRunRecords,
  publishPipeline,
  readRunRecord,
  type PublishedPipeline,
} from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { closestMatch } from '../util/index.js';
import { abortable } from './abortable.js';
import { connect, type ServerOptions } from './connect.js';
import { finalView } from './final-view.js';
import { bareView } from './bare-view.js';
import { findStuck, stuckByQuery } from './find-stuck.js';
import { StuckChecks } from './stuck-checks.js';
import { withStuck } from './stuck-runs.js';
import { listExecutions, mergeRuns, type ListOptions, type RunSummary } from './list-runs.js';
import { pauseRun, resumeRun } from './pause-run.js';
import {
  planRetry,
  retryRequest,
  type RetryOptions,
  type RetryPlan,
  type RetryRequest,
} from './retry/index.js';
import { assertRunId, newRunId } from './run-id.js';
import { toRunInput, type StartRequest } from './start-request.js';
import { isWorkerMissing, mapTemporalError, runNotFound } from './temporal-error.js';
import { watchRun, type WatchOptions } from './watch-run.js';

export interface AnnealClientOptions extends ServerOptions {
  /** Where pipelines, artifacts and run records are. */
  readonly store: ArtifactStore;
}

// A query waits for a worker; without one it would hang until the RPC's own deadline (30 s).
const QUERY_DEADLINE_MS = 5000;

export class AnnealClient {
  readonly #temporal: Client;
  readonly #options: AnnealClientOptions;

  private constructor(temporal: Client, options: AnnealClientOptions) {
    this.#temporal = temporal;
    this.#options = options;
  }

  /** Opens a client. @throws E_SERVER, E_NAMESPACE */
  static async connect(options: AnnealClientOptions): Promise<AnnealClient> {
    return new AnnealClient(await connect(options), options);
  }

  /**
   * Stores a compiled pipeline so that runs can name it; the same text twice is one version.
   *
   * @param pipeline.text  the spec's canonical YAML
   */
  publish(pipeline: { readonly name: string; readonly text: string }): Promise<PublishedPipeline> {
    return publishPipeline(this.#options.store, pipeline);
  }

  /**
   * Starts a run (A1).
   *
   * @returns the run's id
   * @throws E_NAME, E_PARAM_SIZE, E_ALREADY_STARTED, E_SERVER
   */
  async start(request: StartRequest): Promise<{ readonly runId: string }> {
    const runId = request.runId ?? newRunId(request.pipeline.name, new Date());
    assertRunId(runId);
    const input = toRunInput(request);
    if ((await this.#record(runId)) !== undefined) throw clientErrors.alreadyStarted(runId); // A3
    await this.#call(runId, () =>
      this.#temporal.workflow.start(PIPELINE_WORKFLOW, {
        workflowId: runId,
        taskQueue: TASK_QUEUE,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        staticSummary: request.pipeline.name,
        memo: { pipeline: request.pipeline.name },
        args: [input],
      }),
    );
    return { runId };
  }

  /**
   * Waits for the run to end, however it ends.
   *
   * @returns the final view; `runFailure(view)` tells whether that is an error
   * @throws E_NOT_FOUND, E_SERVER
   */
  async result(runId: string, options: WatchOptions = {}): Promise<RunView> {
    let last: RunView | undefined;
    for await (const view of this.watch(runId, options)) last = view;
    if (last === undefined)
      throw clientErrors.interrupted(
        `Stopped waiting for run "${runId}".`,
        `It goes on: anneal watch ${runId}`,
      );
    return last;
  }

  /** Yields the run's state whenever it changes; the last one is final. @throws E_NOT_FOUND, E_SERVER */
  async *watch(runId: string, options: WatchOptions = {}): AsyncGenerator<RunView, void> {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
    const { connection } = this.#temporal;
    const checks = this.#stuckChecks(runId);
    try {
      await this.#call(runId, () => this.#exists(runId));
      yield* watchRun(
        {
          current: () => abortable(connection, signal, () => this.#current(runId, checks)),
          closed: () => abortable(connection, signal, () => this.#final(runId)),
          mapError: (error) => mapTemporalError(error, this.#context(runId)),
        },
        { ...options, signal },
      );
    } finally {
      stop.abort(); // closes the calls still open
    }
  }

  /** The run's state now, or its final one. @throws E_NOT_FOUND, E_WORKER, E_SERVER */
  async show(runId: string): Promise<RunView> {
    return this.#call(runId, async () => {
      try {
        const description = await this.#handle(runId).describe();
        if (description.status.name !== 'RUNNING') return await this.#final(runId);
        const stuck = await findStuck(this.#temporal, description);
        if (stuck !== undefined && stuck.cause !== 'worker')
          return await this.#stuckView(runId, stuck);
        return await this.#current(runId, this.#stuckChecks(runId));
      } catch (error) {
        const record =
          error instanceof WorkflowNotFoundError ? await this.#record(runId) : undefined;
        if (record === undefined) throw error;
        return record; // A3
      }
    });
  }

  /** Asks a run to stop; its exit handlers still run. @throws E_NOT_FOUND, E_STATE, E_SERVER */
  async cancel(runId: string): Promise<void> {
    const { status } = await this.show(runId);
    if (status !== 'running') throw clientErrors.wrongState(runId, status, 'canceled');
    await this.#call(runId, () => this.#handle(runId).cancel());
  }

  /** Keeps a run from starting tasks; what runs goes on to its end. @throws E_NOT_FOUND, E_STATE, E_SERVER */
  async pause(runId: string, request: PauseRequest = {}): Promise<void> {
    await this.#call(runId, () => pauseRun(this.#handle(runId), request));
  }

  /** Lets a paused run go on. @throws E_NOT_FOUND, E_STATE, E_SERVER */
  async resume(runId: string): Promise<void> {
    await this.#call(runId, () => resumeRun(this.#handle(runId)));
  }

  /** Foretells what `retry` will do with each task. @throws as `retry` */
  async planRetry(runId: string, options: RetryOptions = {}): Promise<RetryPlan> {
    return planRetry(this.#options.store, await this.#retryRequest(runId, options));
  }

  /**
   * Starts a run that goes on from one that has ended, and takes over what that has done already.
   *
   * @returns the new run's id
   * @throws E_STATE, E_NOT_FOUND, E_PARAM, and what `start` throws
   */
  async retry(runId: string, options: RetryOptions = {}): Promise<{ readonly runId: string }> {
    return this.start((await this.#retryRequest(runId, options)).start);
  }

  /** Runs, newest first; those the server has forgotten come from the store (A3). */
  async list(options: ListOptions = {}): Promise<RunSummary[]> {
    const limit = Math.max(options.limit ?? 20, 200);
    const executions = await this.#call(undefined, () => listExecutions(this.#temporal, limit));
    const runs = mergeRuns(executions, (await listRunRecords(this.#options.store)).runs, options);
    return this.#call(undefined, () => withStuck(this.#temporal, runs));
  }

  async close(): Promise<void> {
    await this.#temporal.connection.close();
  }

  #retryRequest(runId: string, options: RetryOptions): Promise<RetryRequest> {
    const show = (wanted: string): Promise<RunView> => this.show(wanted);
    return retryRequest({ store: this.#options.store, show }, runId, options);
  }

  #handle(runId: string): WorkflowHandle {
    return this.#temporal.workflow.getHandle(runId);
  }

  async #exists(runId: string): Promise<void> {
    try {
      await this.#handle(runId).describe();
    } catch (error) {
      if ((await this.#record(runId)) === undefined) throw error;
    }
  }

  #stuckChecks(runId: string): StuckChecks {
    return new StuckChecks(async () =>
      findStuck(this.#temporal, await this.#handle(runId).describe()),
    );
  }

  /** A run that is held up may still answer for what it has done. */
  async #stuckView(runId: string, stuck: StuckView): Promise<RunView> {
    const handle = this.#handle(runId);
    const view = await this.#withDeadline(() => handle.query<RunView>(RUN_QUERY)).catch(async () =>
      bareView(await handle.describe()),
    );
    return { ...view, stuck };
  }

  async #current(runId: string, checks: StuckChecks): Promise<RunView> {
    const handle = this.#handle(runId);
    try {
      const query = (): Promise<RunView> => handle.query<RunView>(RUN_QUERY);
      return await checks.complete(await this.#withDeadline(query));
    } catch (error) {
      const stuck = await checks.explain(stuckByQuery(runId, error), async () =>
        bareView(await handle.describe()),
      );
      if (stuck !== undefined) return stuck;
      if (isWorkerMissing(error)) throw clientErrors.noWorker(runId, TASK_QUEUE, error);
      throw error;
    }
  }

  async #final(runId: string): Promise<RunView> {
    const readRecord = (): Promise<RunView | undefined> => this.#record(runId);
    try {
      return await finalView({
        handle: this.#handle(runId),
        readRecord,
        withDeadline: (call) => this.#withDeadline(call),
      });
    } catch (error) {
      const record = error instanceof WorkflowNotFoundError ? await readRecord() : undefined;
      if (record === undefined) throw error;
      return record; // A3
    }
  }

  #record(runId: string): Promise<RunView | undefined> {
    return readRunRecord(this.#options.store, runId);
  }

  #withDeadline<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.#temporal.connection.withDeadline(Date.now() + QUERY_DEADLINE_MS, call);
  }

  async #call<Result>(runId: string | undefined, call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      const mapped = mapTemporalError(error, this.#context(runId));
      throw mapped.code === 'E_NOT_FOUND' && runId !== undefined
        ? runNotFound(runId, await this.#nearestRun(runId))
        : mapped;
    }
  }

  #context(runId?: string): { address: string; namespace: string; runId?: string } {
    const { address, namespace } = this.#options;
    return { address, namespace, ...(runId === undefined ? {} : { runId }) };
  }

  async #nearestRun(runId: string): Promise<string | undefined> {
    const runs = await this.list({ limit: 500 }).catch(() => []);
    return closestMatch(
      runId,
      runs.map((run) => run.runId),
    );
  }
}
