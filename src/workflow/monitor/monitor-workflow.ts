// The closed loop of one live model: check, retrain when it drifted, and so on until it is stopped.
//
// L1. What to do is decided in decide.ts; here it is only carried out.
// L2. A retraining is a run like any other: the gate compares its model with the live one on the same held-out
//     rows, and the endpoint's policy rolls it out. It is not ended with the monitor.
// L3. The history is bounded: after some checks, and never while a retraining goes on, it begins anew.
// L4. Times of cron come as signals of a Temporal Schedule, never from a clock or zone table of the worker: those
//     change between workers, and a replay would differ. What comes while it is paused or checks is left out.

import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  CancellationScope,
  ChildWorkflowFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import {
  MONITOR_DUE_SIGNAL,
  MONITOR_PAUSE_SIGNAL,
  MONITOR_QUERY,
  MONITOR_RESUME_SIGNAL,
  MONITOR_STOP_SIGNAL,
  PIPELINE_WORKFLOW,
  poolQueue,
} from '../../contract/index.js';
import type {
  DriftFinding,
  DriftSource,
  ErrorView,
  MonitorActivities,
  MonitorInput,
  MonitorRound,
  MonitorState,
  MonitorTick,
  MonitorView,
  RetrainView,
  RunInput,
  RunView,
} from '../../contract/index.js';
import { checkActivity, quickActivity } from '../activity-options.js';
import { afterCheck, afterRetrain, NO_CHECKS, type CheckOutcome } from './decide.js';
import { nextCheckMs } from './next-check.js';

const query = defineQuery<MonitorView>(MONITOR_QUERY);

// About a dozen events each; a history of 10,000 is the design's limit.
const CHECKS_PER_HISTORY = 200;

/** Watches one endpoint until it is told to stop. @returns how it stood then */
export async function monitorWorkflow(input: MonitorInput): Promise<MonitorView> {
  const monitor = new Monitor(input);
  if (input.state === undefined) await monitor.capture(input.captureShare);
  for (let checks = 0; checks < CHECKS_PER_HISTORY || monitor.isRetraining; checks += 1) {
    await monitor.untilNextCheck();
    if (monitor.isStopped) return monitor.close();
    await monitor.check();
  }
  return continueAsNew<(input: MonitorInput) => Promise<MonitorView>>({
    ...input,
    state: monitor.state,
  }); // L3
}

/** One comparison, asked for by hand; nothing is done about it. */
export async function monitorCheckWorkflow(source: DriftSource): Promise<DriftFinding> {
  return deployQueue('check for drift').checkDrift({
    ...source,
    checkId: workflowInfo().workflowId,
  });
}

class Monitor {
  state: MonitorState;
  isStopped = false;
  #nextCheckAt: number | undefined;
  #isDue = false;
  readonly #input: MonitorInput;

  constructor({ state = NO_CHECKS, ...input }: MonitorInput) {
    this.#input = input;
    this.state = state;
    setHandler(query, () => this.#view());
    setHandler(defineSignal(MONITOR_PAUSE_SIGNAL), () => this.#pause(true));
    setHandler(defineSignal(MONITOR_RESUME_SIGNAL), () => this.#pause(false));
    setHandler(defineSignal(MONITOR_STOP_SIGNAL), () => {
      this.isStopped = true;
    });
    setHandler(defineSignal<[MonitorTick]>(MONITOR_DUE_SIGNAL), ({ startedAt }) => {
      this.#isDue = startedAt === input.startedAt && !this.state.isPaused;
    });
  }

  get isRetraining(): boolean {
    return this.state.retraining !== undefined;
  }

  async capture(share: number): Promise<void> {
    const { endpoint, captured } = this.#input;
    if (captured !== undefined) return;
    await deployQueue('capture requests').captureRequests({ endpoint, share });
  }

  /** Settles at the next time, or when it is stopped; a paused monitor waits, and then for the next time. */
  async untilNextCheck(): Promise<void> {
    const { everySeconds } = this.#input;
    if (everySeconds !== undefined) return this.#untilNextOfGrid(everySeconds);
    this.#isDue = false; // L4
    await condition(() => this.isStopped || this.#isDue);
  }

  async #untilNextOfGrid(everySeconds: number): Promise<void> {
    const startedAtMs = Date.parse(this.#input.startedAt);
    let next: number;
    do {
      await condition(() => this.isStopped || !this.state.isPaused);
      next = nextCheckMs(startedAtMs, everySeconds, Date.now());
      this.#nextCheckAt = next;
      await condition(() => this.isStopped || this.state.isPaused, next - Date.now());
    } while (!this.isStopped && Date.now() < next);
  }

  async check(): Promise<void> {
    const at = new Date().toISOString();
    const outcome = await this.#compare(this.state.checks + 1);
    const { state, round } = afterCheck(this.state, this.#input, at, outcome);
    this.state = state;
    await this.#record(round);
    if (round.retrain !== undefined) void this.#retrain(round, round.retrain.runId);
  }

  async close(): Promise<MonitorView> {
    await this.capture(0).catch(() => undefined); // the endpoint may be gone
    return this.#view();
  }

  async #compare(check: number): Promise<CheckOutcome> {
    const { endpoint, limit, minRows, captured, startedAt } = this.#input;
    const source = { endpoint, limit, minRows, captured };
    try {
      const checkId = `${startedAt}/${check}`;
      return await deployQueue(`check ${check}`).checkDrift({ ...source, checkId });
    } catch (error) {
      if (isCancellation(error)) throw error;
      return { failure: [messageOf(error), ...hintOf(error)].join(' ') };
    }
  }

  /** L2 */
  async #retrain(round: MonitorRound, runId: string): Promise<void> {
    const ended = await this.#run(runId);
    const endedAt = new Date().toISOString();
    this.state = afterRetrain(this.state, round.check, { ...ended, endedAt });
    await this.#record({ ...round, retrain: { ...ended, endedAt } });
  }

  async #run(runId: string): Promise<RetrainView> {
    const { pipeline, parameters, options } = this.#input;
    try {
      const child = await startChild<(input: RunInput) => Promise<RunView>>(PIPELINE_WORKFLOW, {
        workflowId: runId,
        args: [{ pipeline, parameters, options }],
        memo: { pipeline: pipeline.name },
        staticSummary: `retraining for ${this.#input.endpoint}`,
        parentClosePolicy: ParentClosePolicy.ABANDON,
      });
      return retrainView(runId, await child.result());
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        return { runId, status: 'failed', reason: 'a run of this id exists already' };
      }
      const status = isCancellation(error) ? 'canceled' : 'failed';
      return { runId, status, reason: messageOf(error) };
    }
  }

  /** Recorded also when the monitor is canceled meanwhile. */
  async #record(round: MonitorRound): Promise<void> {
    const { endpoint, startedAt } = this.#input;
    await CancellationScope.nonCancellable(() =>
      proxyLocalActivities<MonitorActivities>(quickActivity('record the check')).recordRound({
        endpoint,
        startedAt,
        round,
      }),
    );
  }

  #pause(isPaused: boolean): void {
    this.state = { ...this.state, isPaused };
    this.#isDue = false;
  }

  #view(): MonitorView {
    const { isPaused } = this.state;
    const status = this.isStopped ? 'stopped' : isPaused ? 'paused' : 'running';
    const next = status === 'running' ? this.#nextCheckAt : undefined;
    const nextCheckAt = next === undefined ? undefined : new Date(next).toISOString();
    return { ...this.#input, status, nextCheckAt, state: this.state };
  }
}

/** The workers that own endpoints. */
function deployQueue(summary: string): MonitorActivities {
  const taskQueue = poolQueue(workflowInfo().taskQueue, 'deploy');
  return proxyActivities<MonitorActivities>(checkActivity(summary, taskQueue));
}

function retrainView(runId: string, { status, deployment }: RunView): RetrainView {
  return { runId, status, deployment: deployment?.status, reason: deployment?.reason };
}

/** What to do about it, where an activity said so. */
function hintOf(error: unknown): string[] {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const [view] = cause instanceof ApplicationFailure ? ((cause.details ?? []) as ErrorView[]) : [];
  return view?.hint === undefined ? [] : [view.hint];
}

/** What went wrong, without the layers that Temporal puts around it. */
function messageOf(error: unknown): string {
  const wrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  const cause = wrapped ? error.cause : error;
  return cause instanceof ApplicationFailure || cause instanceof Error
    ? cause.message
    : String(error);
}
