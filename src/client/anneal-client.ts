// The door to Anneal for programs: start runs, follow them, find them again.
//
// A1. Starting twice with one run id starts one run: the second call ends with E_ALREADY_STARTED,
//     also after the first run has closed.
// A2. Every error that leaves here is an AnnealError.
// A3. A run outlives the server's retention: its stored record answers when the server has forgotten it.

import { homedir } from 'node:os';
import path from 'node:path';
import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { loadSettings } from '../config/index.js';
import {
  RUN_QUERY,
  TASK_QUEUE,
  type AnswerRequest,
  type ApprovalRecord,
  type PauseRequest,
  type RunOptions,
  type RunStatus,
  type RunView,
  type StuckView,
} from '../contract/index.js';
import { clientErrors } from '../errors/index.js';
import { writePipeline } from '../ir/yaml/index.js';
import type { Pipeline } from '../ir/index.js';
import {
  listRunRecords,
  readRunRecord,
  writeRunRecord,
  type PublishedPipeline,
} from '../lineage/index.js';
import { openStore, type ArtifactStore, type OpenStoreOptions } from '../storage/index.js';
import { closestMatch, type JsonObject } from '../util/index.js';
import { abortable } from './abortable.js';
import { answerRun } from './answer-run.js';
import { Artifacts } from './artifacts.js';
import { connect, type ServerConnection, type ServerOptions } from './connect.js';
import { finalView } from './final-view.js';
import { bareView } from './bare-view.js';
import { findStuck, stuckByQuery } from './find-stuck.js';
import { StuckChecks } from './stuck-checks.js';
import { withStuck } from './stuck-runs.js';
import { publishSource, type PipelineText } from './publish-source.js';
import { pauseRun, resumeRun } from './pause-run.js';
import {
  planRetry,
  retryRequest,
  type RetryOptions,
  type RetryPlan,
  type RetryRequest,
} from './retry/index.js';
import { checkRunParameters, knownPipeline } from './known-pipeline.js';
import {
  listExecutions,
  mergeRuns,
  runStatusOf,
  type ListOptions,
  type RunSummary,
} from './list-runs.js';
import { readLogs, type LogOptions } from './read-logs.js';
import { Models } from './models/index.js';
import { Monitors } from './monitors/index.js';
import { RunHandle } from './run-handle.js';
import { Schedules } from './schedules/index.js';
import { startRun } from './start-run.js';
import type { StartRequest } from './start-request.js';
import type { OutputsOf, PipelineLike, StartArguments, TypedPipeline } from './typed-pipeline.js';
import { isWorkerMissing, mapTemporalError, runNotFound } from './temporal-error.js';
import { unpolledQueues } from './unpolled-queues.js';
import { watchRun, type WatchOptions } from './watch-run.js';

export interface AnnealClientOptions extends ServerOptions {
  /** Where pipelines, artifacts and run records are: an address as ANNEAL_STORE takes it, or an open store. */
  readonly store: ArtifactStore | string;
  /** How a store given by its address is opened: the S3 server, and where copies of distant data are kept. */
  readonly storeOptions?: Partial<OpenStoreOptions>;
  /** Base of the task queues (ANNEAL_TASK_QUEUE). Default `anneal`. */
  readonly taskQueue?: string;
}

interface OpenOptions extends ServerOptions {
  readonly store: ArtifactStore;
  readonly taskQueue?: string;
}

/** How a run is started, beside its parameters. */
export interface StartOptions extends RunOptions, Pick<StartRequest, 'runId' | 'idempotencyKey'> {}

// A query waits for a worker; without one it would hang until the RPC's own deadline (30 s).
const QUERY_DEADLINE_MS = 5000;
// An answer is kept once a worker has taken it; workers of an embedded server are just starting.
const ANSWER_DEADLINE_MS = 20_000;
// Why a run is held up is asked beside its state: a server that is away must not be waited for twice.
const STUCK_DEADLINE_MS = 2000;

/** Where copies of artifacts in S3 are kept when nothing else was said. */
const DEFAULT_CACHE = path.join(homedir(), '.cache', 'anneal');

export class AnnealClient {
  readonly #connection: ServerConnection;
  readonly #temporal: Client;
  readonly #options: OpenOptions;
  /** Runs at set times: create, describe, list, pause, resume, trigger, backfill, update, delete. */
  readonly schedules: Schedules;
  /** Live models that are watched: start, list, show, check, pause, resume, stop. */
  readonly monitors: Monitors;
  /** What runs have made: list, get, download, metrics. */
  readonly artifacts: Artifacts;
  /** Registered models: list, show, compare, promote, roll back, archive. */
  readonly models: Models;

  private constructor(connection: ServerConnection, options: OpenOptions) {
    const { temporal } = connection;
    this.#connection = connection;
    this.#temporal = temporal;
    this.#options = options;
    this.artifacts = new Artifacts(options.store, (runId) => this.show(runId));
    this.models = new Models({
      temporal,
      store: options.store,
      taskQueue: this.#taskQueue,
      call: (id, call) => this.#call(id, call),
    });
    this.monitors = new Monitors({
      temporal,
      store: options.store,
      taskQueue: this.#taskQueue,
      server: this.#context(),
    });
    this.schedules = new Schedules({
      temporal,
      store: options.store,
      taskQueue: this.#taskQueue,
      server: this.#context(),
      statusOf: (runId) => this.#statusOf(runId),
    });
  }

  /** Opens a client. @throws E_SERVER, E_NAMESPACE, E_STORE, E_CONFIG */
  static async connect(options: AnnealClientOptions): Promise<AnnealClient> {
    const { store, storeOptions } = options;
    const opened =
      typeof store === 'string'
        ? await openStore(store, { cacheFolder: DEFAULT_CACHE, ...storeOptions })
        : store;
    return new AnnealClient(await connect(options), { ...options, store: opened });
  }

  /**
   * Opens a client with the server and the store that Temporal's own settings (TEMPORAL_ADDRESS, TEMPORAL_PROFILE,
   * temporal.toml, TLS, API key), ANNEAL_STORE and ANNEAL_TASK_QUEUE name.
   *
   * @throws E_CONFIG when no server is named: only the command line starts one; as connect
   */
  static async fromEnvironment(
    environment: Readonly<Record<string, string | undefined>> = process.env,
  ): Promise<AnnealClient> {
    const settings = loadSettings(environment);
    if (settings.temporal.mode === 'embedded') throw clientErrors.noServerNamed();
    const store = await openStore(settings.store, settings);
    const { taskQueue, telemetry } = settings;
    const server = { ...settings.temporal.connection, tracing: telemetry.isTraced };
    return AnnealClient.connect({ ...server, store, taskQueue });
  }

  /**
   * Stores a pipeline so that runs can name it; the same text twice is one version.
   *
   * @param pipeline  one of the DSL, or `text`: a spec's canonical YAML
   * @param origin    with `file`, the absolute path of the pipeline's own file, its git commit is kept as well
   */
  async publish(
    pipeline: TypedPipeline | PipelineText,
    origin: Pick<PipelineText, 'file'> = {},
  ): Promise<PublishedPipeline> {
    const { store } = this.#options;
    if (!('compile' in pipeline)) return publishSource(store, { ...pipeline, ...origin });
    const compiled = pipeline.compile();
    const name = compiled.spec.pipelineInfo?.name ?? '';
    return publishSource(store, { name, text: writePipeline(compiled), ...origin });
  }

  /**
   * Starts a run of a pipeline, of the DSL or by name (A1). A pipeline of the DSL is published first; parameters are
   * checked before anything starts.
   *
   * @throws E_PARAM, E_NAME, E_PARAM_SIZE, E_NOT_FOUND, E_ALREADY_STARTED, E_IDEMPOTENCY_KEY, E_SERVER
   */
  start<P extends PipelineLike>(
    pipeline: P,
    ...rest: StartArguments<P, StartOptions>
  ): Promise<RunHandle<OutputsOf<P>>>;
  /** Starts a run of a published version as it is; the worker checks the parameters. */
  start(request: StartRequest): Promise<RunHandle>;
  async start(
    first: PipelineLike | StartRequest,
    parameters?: object,
    options?: StartOptions,
  ): Promise<RunHandle<never>> {
    const request = isRequest(first)
      ? first
      : await this.#requestFor(first, parameters as JsonObject | undefined, options);
    const { store } = this.#options;
    const runId = await startRun(
      {
        temporal: this.#temporal,
        store,
        taskQueue: this.#taskQueue,
        call: (id, call) => this.#call(id, call),
      },
      request,
    );
    return this.run(runId) as RunHandle<never>;
  }

  /** A handle on a run that was started before; whether it exists shows when it is asked. */
  run(runId: string): RunHandle {
    return new RunHandle(this, runId);
  }

  /**
   * Yields the log of a task, piece by piece.
   *
   * @param task  its path; without it the task that failed, else the one that runs
   * @throws E_NOT_FOUND, E_USAGE, E_SERVER
   */
  logs(runId: string, task?: string, options?: LogOptions): AsyncGenerator<string, void> {
    return readLogs(this.#options.store, () => this.show(runId), task, options);
  }

  /**
   * Names the task queues of a pipeline that no worker has polled for minutes: its tasks wait there.
   * @throws E_SERVER
   */
  unpolledQueues(pipeline: Pipeline): Promise<readonly string[]> {
    return this.#call(undefined, () => unpolledQueues(this.#temporal, this.#taskQueue, pipeline));
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

  /**
   * Agrees to a deployment that waits for a person's approval.
   *
   * @returns the answer on record: approving twice gives the first one
   * @throws E_STATE when nothing waits or the model was rejected; E_PARAM, E_NOT_FOUND, E_WORKER, E_SERVER
   */
  approve(runId: string, answer: AnswerRequest): Promise<ApprovalRecord> {
    return this.#answer(runId, 'approved', answer);
  }

  /** Keeps a model back that waits for a person's approval; the run goes on without it. @throws as `approve` */
  reject(runId: string, answer: AnswerRequest): Promise<ApprovalRecord> {
    return this.#answer(runId, 'rejected', answer);
  }

  /** Foretells what `retry` will do with each task. @throws as `retry` */
  async planRetry(runId: string, options: RetryOptions = {}): Promise<RetryPlan> {
    return planRetry(this.#options.store, await this.#retryRequest(runId, options));
  }

  /**
   * Starts a run that goes on from one that has ended, and takes over what that has done already.
   *
   * @returns a handle on the new run
   * @throws E_STATE, E_NOT_FOUND, E_PARAM, and what `start` throws
   */
  async retry(runId: string, options: RetryOptions = {}): Promise<RunHandle> {
    return this.start((await this.#retryRequest(runId, options)).start);
  }

  /** Runs, newest first; those the server has forgotten come from the store (A3). */
  async list(options: ListOptions = {}): Promise<RunSummary[]> {
    const executions = await this.#call(undefined, () =>
      listExecutions(this.#temporal, this.#taskQueue, options),
    );
    const runs = mergeRuns(executions, (await listRunRecords(this.#options.store)).runs, options);
    return this.#call(undefined, () => withStuck(this.#temporal, runs));
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #answer(
    runId: string,
    verdict: 'approved' | 'rejected',
    answer: AnswerRequest,
  ): Promise<ApprovalRecord> {
    return this.#call(runId, async () => {
      try {
        const send = () => answerRun(this.#handle(runId), verdict, answer);
        return await this.#withDeadline(send, ANSWER_DEADLINE_MS);
      } catch (error) {
        if (isWorkerMissing(error)) throw clientErrors.noWorker(runId, this.#taskQueue, error);
        throw error;
      }
    });
  }

  #retryRequest(runId: string, options: RetryOptions): Promise<RetryRequest> {
    const show = (wanted: string): Promise<RunView> => this.show(wanted);
    return retryRequest({ store: this.#options.store, show }, runId, options);
  }

  async #requestFor(
    wanted: PipelineLike,
    parameters: JsonObject = {},
    { runId, idempotencyKey, ...options }: StartOptions = {},
  ): Promise<StartRequest> {
    const { reference, pipeline } = await knownPipeline(this.#options.store, wanted);
    checkRunParameters(pipeline, parameters);
    return { pipeline: reference, parameters, runId, idempotencyKey, options };
  }

  async #statusOf(runId: string): Promise<RunStatus | undefined> {
    const record = await this.#record(runId);
    if (record !== undefined) return record.status;
    try {
      return runStatusOf((await this.#handle(runId).describe()).status.name);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw mapTemporalError(error, this.#context(runId));
    }
  }

  #handle(runId: string): WorkflowHandle {
    return this.#temporal.workflow.getHandle(runId);
  }

  get #taskQueue(): string {
    return this.#options.taskQueue ?? TASK_QUEUE;
  }

  async #exists(runId: string): Promise<void> {
    try {
      await this.#handle(runId).describe();
    } catch (error) {
      if ((await this.#record(runId)) === undefined) throw error;
    }
  }

  #stuckChecks(runId: string): StuckChecks {
    const find = async () => findStuck(this.#temporal, await this.#handle(runId).describe());
    return new StuckChecks(() => this.#withDeadline(find, STUCK_DEADLINE_MS));
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
      const stuck = await checks.explain(
        stuckByQuery({ runId, taskQueue: this.#taskQueue }, error),
        async () => bareView(await this.#withDeadline(() => handle.describe())),
      );
      if (stuck !== undefined) return stuck;
      if (isWorkerMissing(error)) throw clientErrors.noWorker(runId, this.#taskQueue, error);
      throw error;
    }
  }

  async #final(runId: string): Promise<RunView> {
    const readRecord = (): Promise<RunView | undefined> => this.#record(runId);
    try {
      return await finalView({
        handle: this.#handle(runId),
        readRecord,
        keepRecord: async (view) => void (await writeRunRecord(this.#options.store, view)),
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

  #withDeadline<Result>(
    call: () => Promise<Result>,
    milliseconds = QUERY_DEADLINE_MS,
  ): Promise<Result> {
    return this.#temporal.connection.withDeadline(Date.now() + milliseconds, call);
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

function isRequest(first: PipelineLike | StartRequest): first is StartRequest {
  return typeof first !== 'string' && 'pipeline' in first;
}
