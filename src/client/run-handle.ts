import type { AnswerRequest, ApprovalRecord, PauseRequest, RunView } from '../contract/index.js';
import type { JsonValue } from '../util/index.js';
import { AnnealRunError } from './anneal-run-error.js';
import type { LogOptions } from './read-logs.js';
import type { RetryOptions } from './retry/index.js';
import type { WatchOptions } from './watch-run.js';

/** The final state of a run that succeeded, its outputs typed by its pipeline. */
export type RunResult<Outputs> = Omit<RunView, 'outputs'> & { readonly outputs: Outputs };

/** What a handle asks its client for: the client's methods of the same names. */
export interface RunAccess {
  result(runId: string, options?: WatchOptions): Promise<RunView>;
  watch(runId: string, options?: WatchOptions): AsyncGenerator<RunView, void>;
  show(runId: string): Promise<RunView>;
  logs(runId: string, task?: string, options?: LogOptions): AsyncGenerator<string, void>;
  cancel(runId: string): Promise<void>;
  approve(runId: string, answer: AnswerRequest): Promise<ApprovalRecord>;
  reject(runId: string, answer: AnswerRequest): Promise<ApprovalRecord>;
  pause(runId: string, request?: PauseRequest): Promise<void>;
  resume(runId: string): Promise<void>;
  retry(runId: string, options?: RetryOptions): Promise<RunHandle>;
}

/** One run, as the caller that started or found it sees it. */
export class RunHandle<Outputs = Readonly<Record<string, JsonValue>>> {
  readonly runId: string;
  readonly #client: RunAccess;

  constructor(client: RunAccess, runId: string) {
    this.#client = client;
    this.runId = runId;
  }

  /**
   * Waits for the run to end.
   *
   * @throws AnnealRunError when it failed or was canceled; E_NOT_FOUND, E_SERVER, E_INTERRUPTED
   */
  async result(options?: WatchOptions): Promise<RunResult<Outputs>> {
    const view = await this.#client.result(this.runId, options);
    const failure = AnnealRunError.of(view);
    if (failure !== undefined) throw failure;
    return view as RunResult<Outputs>;
  }

  /** Yields the run's state whenever it changes; the last one is final. */
  watch(options?: WatchOptions): AsyncGenerator<RunView, void> {
    return this.#client.watch(this.runId, options);
  }

  /** The run's state now. */
  show(): Promise<RunView> {
    return this.#client.show(this.runId);
  }

  /** The log of a task: see AnnealClient.logs. */
  logs(task?: string, options?: LogOptions): AsyncGenerator<string, void> {
    return this.#client.logs(this.runId, task, options);
  }

  /** Agrees to a deployment that waits for it: see AnnealClient.approve. */
  approve(answer: AnswerRequest): Promise<ApprovalRecord> {
    return this.#client.approve(this.runId, answer);
  }

  /** Keeps a model back that waits for an approval: see AnnealClient.reject. */
  reject(answer: AnswerRequest): Promise<ApprovalRecord> {
    return this.#client.reject(this.runId, answer);
  }

  /** Asks the run to end; its exit tasks still run. */
  cancel(): Promise<void> {
    return this.#client.cancel(this.runId);
  }

  /** Keeps the run from starting tasks; what runs goes on to its end. @throws E_STATE when it has ended */
  pause(request?: PauseRequest): Promise<void> {
    return this.#client.pause(this.runId, request);
  }

  /** Lets the run go on once it is paused. @throws E_STATE when it has ended */
  resume(): Promise<void> {
    return this.#client.resume(this.runId);
  }

  /** Starts a run that goes on from this one: see AnnealClient.retry. @throws E_STATE while this one goes on */
  retry(options?: RetryOptions): Promise<RunHandle> {
    return this.#client.retry(this.runId, options);
  }
}
