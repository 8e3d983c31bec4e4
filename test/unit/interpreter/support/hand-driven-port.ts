import type {
  ApprovalAnswer,
  ApprovalRequest,
  ApprovalView,
  DeployRequest,
  DeployResult,
  ErrorView,
  ImportRequest,
  JudgeResult,
  RecordApprovalRequest,
  RunGraph,
  SliceRequest,
  SliceResult,
  TaskRequest,
  TaskResult,
  Turn,
  TurnAnswer,
} from '../../../../src/contract/index.js';
import { startSlice, TaskFailure } from '../../../../src/interpreter/index.js';
import type { CallOptions, InterpreterPort } from '../../../../src/interpreter/index.js';
import type { JsonObject } from '../../../../src/util/index.js';

interface Pending {
  readonly request: TaskRequest;
  readonly options: CallOptions;
  readonly resolve: (result: TaskResult) => void;
  readonly reject: (failure: TaskFailure) => void;
}

/** A world that does nothing until the test says what happens next. */
export class HandDrivenPort implements InterpreterPort {
  readonly pending = new Map<string, Pending>();
  readonly started: string[] = [];
  readonly lookedUp: string[] = [];
  readonly slept: number[] = [];
  readonly imports: ImportRequest[] = [];
  readonly deployments: DeployRequest[] = [];
  readonly judged: DeployRequest[] = [];
  /** What the gate says to deployments; undefined where there is none. */
  verdict?: JudgeResult;
  readonly recorded: ApprovalView[] = [];
  readonly questions: ApprovalRequest[] = [];
  /** What is said to each question. */
  answer: (request: ApprovalRequest) => Promise<ApprovalAnswer> = () =>
    new Promise(() => undefined);
  /** Deployment that takes the place of all others. */
  superseding?: Turn;
  readonly turns: { readonly turn: Turn; isDeployed?: boolean }[] = [];
  readonly slices: number[] = [];
  /** Set where loops are cut into slices. */
  graph?: RunGraph;
  readonly cache = new Map<string, TaskResult>();
  private clock = Date.parse('2026-01-01T00:00:00Z');
  private canceled = false;
  private paused?: { promise: Promise<void>; release: () => void; reject: (e: unknown) => void };

  async lookupCache(request: TaskRequest): Promise<{ cacheKey: string; hit?: TaskResult }> {
    this.lookedUp.push(request.task);
    return Promise.resolve({ cacheKey: `key-${request.task}`, hit: this.cache.get(request.task) });
  }

  runTask(request: TaskRequest, options: CallOptions): Promise<TaskResult> {
    this.started.push(request.task);
    return new Promise((resolve, reject) => {
      this.pending.set(request.task, { request, options, resolve, reject });
    });
  }

  importArtifact(request: ImportRequest): Promise<TaskResult> {
    this.imports.push(request);
    const artifact = {
      name: 'artifact',
      type: request.type,
      schemaVersion: request.schemaVersion,
      uri: request.uri,
      metadata: request.metadata,
    };
    return Promise.resolve(result({}, { artifact: [artifact] }));
  }

  judgeModel(request: DeployRequest): Promise<JudgeResult> | undefined {
    if (this.verdict === undefined) return undefined;
    this.judged.push(request);
    return Promise.resolve(this.verdict);
  }

  deployModel(request: DeployRequest): Promise<DeployResult> {
    this.deployments.push(request);
    const deployment = { status: 'promoted', endpoint: request.endpointName } as const;
    return Promise.resolve({ ...result({}), deployment });
  }

  awaitApproval(request: ApprovalRequest): Promise<ApprovalAnswer> {
    this.questions.push(request);
    return this.answer(request);
  }

  recordApproval({ approval }: RecordApprovalRequest): Promise<ApprovalView> {
    this.recorded.push(approval);
    return Promise.resolve(approval);
  }

  awaitTurn(turn: Turn): Promise<TurnAnswer> {
    const { id, endpoint } = turn;
    const by = this.superseding;
    if (by !== undefined) return Promise.resolve({ id, endpoint, granted: false, by });
    this.turns.push({ turn });
    return Promise.resolve({ id, endpoint, granted: true });
  }

  endTurn({ id }: Turn, isDeployed: boolean): Promise<void> {
    this.turns.findLast(({ turn }) => turn.id === id)!.isDeployed = isDeployed;
    return Promise.resolve();
  }

  runSlice(request: SliceRequest): Promise<SliceResult> {
    this.slices.push(request.offset);
    const { spec, executors } = this.graph!;
    return startSlice({ ...request.header, spec, executors }, request, this).result;
  }

  sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    return Promise.resolve();
  }

  now(): number {
    this.clock += 1000;
    return this.clock;
  }

  isCanceled(): boolean {
    return this.canceled;
  }

  hold(): Promise<void> | undefined {
    return this.paused?.promise;
  }

  pause(): void {
    let release!: () => void;
    let reject!: (error: unknown) => void;
    const promise = new Promise<void>((resolve, refuse) => ([release, reject] = [resolve, refuse]));
    this.paused = { promise, release, reject };
  }

  async resume(): Promise<void> {
    this.paused?.release();
    this.paused = undefined;
    await settled();
  }

  /** Lets a running task succeed, and the interpreter react. */
  async succeed(
    task: string,
    parameters: JsonObject = {},
    artifacts: TaskResult['outputs']['artifacts'] = {},
  ): Promise<void> {
    this.take(task).resolve(result(parameters, artifacts));
    await settled();
  }

  async fail(task: string, code: ErrorView['code'] = 'E_TASK_EXIT'): Promise<void> {
    this.take(task).reject(new TaskFailure({ code, message: `${task} failed` }));
    await settled();
  }

  /** Cancels the run: every task that is not shielded ends as canceled. */
  async cancel(): Promise<void> {
    this.canceled = true;
    this.paused?.reject(new TaskFailure({ code: 'E_TASK_CANCELED', message: 'canceled' }, true));
    this.paused = undefined;
    for (const [task, { options, reject }] of [...this.pending]) {
      if (options.shielded) continue;
      this.pending.delete(task);
      reject(new TaskFailure({ code: 'E_TASK_CANCELED', message: 'canceled' }, true));
    }
    await settled();
  }

  request(task: string): TaskRequest {
    const pending = this.pending.get(task);
    if (pending === undefined)
      throw new Error(`${task} is not running; running: ${[...this.pending.keys()].join(', ')}`);
    return pending.request;
  }

  private take(task: string): Pending {
    this.request(task);
    const pending = this.pending.get(task)!;
    this.pending.delete(task);
    return pending;
  }
}

/** A task's result with these outputs. */
export function result(
  parameters: JsonObject,
  artifacts: TaskResult['outputs']['artifacts'] = {},
): TaskResult {
  return { outputs: { parameters, artifacts }, manifestKey: 'manifest', cached: false };
}

/** Lets every promise that can move, move. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
