// What may be asked of a run while it goes on: to pause, and to resume.
//
// Q1. Paused means that no task starts, here and in the slices of loops; tasks that run go on to their end.
// Q2. A cancellation goes before: a paused run can be canceled, and its exit tasks run.
// Q3. Without a pause nothing here waits or sends anything: histories of runs never paused stay as they were.

import {
  CancellationScope,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { PAUSE_SIGNAL, RESUME_SIGNAL } from '../contract/index.js';
import type { PauseRequest, PauseView } from '../contract/index.js';

const pauseSignal = defineSignal<[PauseRequest?]>(PAUSE_SIGNAL);
const resumeSignal = defineSignal(RESUME_SIGNAL);

/** Longest text that a pause may carry. */
const MAX_REASON_CHARS = 500;

interface Slice {
  readonly workflowId: string;
  /** What it was told last. */
  isPaused: boolean;
  isBeingTold: boolean;
}

/** Takes the signals of one workflow: a run, or a slice of one. Made before anything else happens in it. */
export class RunControl {
  private pause: PauseView | undefined;
  private readonly slices = new Set<Slice>();

  /** @param onChange  called after each change */
  constructor(private readonly onChange: () => void) {
    setHandler(pauseSignal, (request) => this.set(this.pause ?? pauseView(request)));
    setHandler(resumeSignal, () => this.set(undefined));
  }

  /** Undefined when the run is not paused. */
  get paused(): PauseView | undefined {
    return this.pause;
  }

  /**
   * Settles when the next task may start (Q1); undefined when it may now (Q3).
   *
   * @param shielded  whether the wait outlives a cancellation, which then ends it (Q2)
   */
  hold(shielded: boolean, isCanceled: () => boolean): Promise<void> | undefined {
    const isFree = (): boolean => this.pause === undefined || isCanceled();
    if (isFree()) return undefined;
    const wait = (): Promise<void> => condition(isFree);
    return shielded ? CancellationScope.nonCancellable(wait) : wait();
  }

  /** Lets a slice's workflow hear what its run is told, until it has ended. */
  withSlice<Result>(workflowId: string, run: () => Promise<Result>): Promise<Result> {
    const slice: Slice = { workflowId, isPaused: false, isBeingTold: false };
    this.slices.add(slice);
    const result = run();
    const forget = (): void => void this.slices.delete(slice);
    result.then(forget, forget);
    return result; // Q3: itself, for a promise around it would settle later
  }

  private set(pause: PauseView | undefined): void {
    this.pause = pause;
    this.onChange();
    for (const slice of this.slices) void this.tell(slice);
  }

  /** A slice that has not started yet, or has ended, cannot be told: the first is tried again. */
  private async tell(slice: Slice): Promise<void> {
    if (slice.isBeingTold) return;
    slice.isBeingTold = true;
    while (this.slices.has(slice) && slice.isPaused !== (this.pause !== undefined)) {
      const { pause } = this;
      try {
        const handle = getExternalWorkflowHandle(slice.workflowId);
        if (pause === undefined) await handle.signal(resumeSignal);
        else await handle.signal(pauseSignal, pause);
        slice.isPaused = pause !== undefined;
      } catch (error) {
        if (isCancellation(error) || !(await waited(slice.workflowId))) return;
      }
    }
    slice.isBeingTold = false;
  }
}

/** @returns false when the run was canceled meanwhile */
async function waited(workflowId: string): Promise<boolean> {
  try {
    await sleep('1 second', { summary: `${workflowId}: tell it again` });
    return true;
  } catch {
    return false;
  }
}

function pauseView(request: PauseRequest | undefined): PauseView {
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? value.slice(0, MAX_REASON_CHARS) : undefined;
  return {
    since: new Date().toISOString(),
    by: text(request?.by),
    reason: text(request?.reason),
  };
}
