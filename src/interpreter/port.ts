// How the interpreter reaches the world. The workflow binds it to Temporal; tests drive it by hand.
//
// P1. Every promise of the port settles; the interpreter never waits on anything else.
// P2. `shielded` work goes on after a cancellation: exit handlers only.

import type {
  ApprovalAnswer,
  ApprovalRequest,
  ApprovalView,
  CacheLookup,
  DeployRequest,
  DeployResult,
  ErrorView,
  ImportRequest,
  JudgeResult,
  RecordApprovalRequest,
  SliceRequest,
  SliceResult,
  TaskRequest,
  TaskResult,
  Turn,
  TurnAnswer,
} from '../contract/index.js';

export interface CallOptions {
  readonly shielded: boolean;
}

export interface InterpreterPort {
  lookupCache(request: TaskRequest, options: CallOptions): Promise<CacheLookup>;
  runTask(request: TaskRequest, options: CallOptions): Promise<TaskResult>;
  importArtifact(request: ImportRequest, options: CallOptions): Promise<TaskResult>;
  /**
   * Has the gate of the endpoint decide. Undefined, at once, in runs begun before deployments were judged: even a
   * settled promise would change the order of what follows.
   */
  judgeModel(request: DeployRequest, options: CallOptions): Promise<JudgeResult> | undefined;
  deployModel(request: DeployRequest, options: CallOptions): Promise<DeployResult>;
  /** Waits until a person has answered, or the time for it is over. */
  awaitApproval(request: ApprovalRequest, options: CallOptions): Promise<ApprovalAnswer>;
  /** Puts a person's answer on record; the first one counts, and is given back. */
  recordApproval(request: RecordApprovalRequest, options: CallOptions): Promise<ApprovalView>;
  /** Waits until a deployment may change its endpoint, or a later one has taken its place. */
  awaitTurn(turn: Turn, options: CallOptions): Promise<TurnAnswer>;
  /** Gives a turn back, whatever became of the run. */
  endTurn(turn: Turn, isDeployed: boolean): Promise<void>;
  /** Runs a part of a loop as a workflow of its own. */
  runSlice(request: SliceRequest, options: CallOptions): Promise<SliceResult>;
  /** @param reason  shown in the Temporal UI beside the timer */
  sleep(milliseconds: number, reason: string, options: CallOptions): Promise<void>;
  /** Milliseconds since the epoch, the same on every replay. */
  now(): number;
  isCanceled(): boolean;
  /**
   * Waits while nothing new may start. Undefined when it may at once: even a settled promise would
   * change the order of what follows. @throws TaskFailure when the run is canceled meanwhile
   */
  hold(options: CallOptions): Promise<void> | undefined;
}

/** What a port call rejects with. */
export class TaskFailure extends Error {
  constructor(
    readonly view: ErrorView,
    readonly canceled = false,
  ) {
    super(view.message);
    this.name = 'TaskFailure';
  }
}

/** Turns anything thrown while a task was handled into a TaskFailure. */
export function asTaskFailure(error: unknown): TaskFailure {
  if (error instanceof TaskFailure) return error;
  if (error instanceof Error && 'code' in error && error.name === 'AnnealError') {
    const { code, hint, where } = error as Error & {
      code: ErrorView['code'];
      hint?: string;
      where?: string;
    };
    return new TaskFailure({ code, message: error.message, hint, where });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new TaskFailure({ code: 'E_INTERNAL', message });
}
