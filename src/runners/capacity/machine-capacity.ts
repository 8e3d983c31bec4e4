// The room on one machine, shared by all task queues that its worker polls.
//
// M1. A task waits its turn in the worker that took it (allocator.ts); the worker takes no more tasks meanwhile.
// M2. A task that runs already, because a worker before this one started it, never waits.
// M3. A task that has waited for long is handed back, for another worker may have room. Each time it comes back here
//     it waits twice as long before that, so that a night's wait costs its run a few events of history.

import { taskCanceled, taskHandedOver, taskTooLarge } from '../../errors/task.js';
import type { Admission, AdmissionContext, AdmissionWish } from '../admission.js';
import { Allocator } from './allocator.js';
import { atMost, describeAmount, fits, type Amount } from './amount.js';
import { taskNeed } from './task-need.js';

const PATIENCE_MS = 20_000;
const MAX_PATIENCE_MS = 60 * 60 * 1000;

export interface MachineCapacityOptions {
  readonly total: Amount;
  /**
   * No other worker could take a task: one that does not fit now waits here for as long as it takes, and one larger
   * than the machine gets all of it instead of being refused.
   */
  readonly isOnly: boolean;
  /** First wait before a task is handed back, in milliseconds. Default 20,000. */
  readonly patienceMs?: number;
}

export class MachineCapacity {
  private readonly allocator: Allocator<symbol>;
  private readonly granted = new Map<symbol, () => void>();
  private readonly listeners = new Set<() => void>();
  /** How long each task that was handed back waits when it comes again (M3). */
  private readonly patience = new Map<string, number>();

  constructor(private readonly options: MachineCapacityOptions) {
    this.allocator = new Allocator(options.total);
  }

  get total(): Amount {
    return this.options.total;
  }

  get free(): Amount {
    return this.allocator.free;
  }

  /** Tasks that wait for room. */
  get waiting(): number {
    return this.allocator.waiting;
  }

  /** Tasks that have room or wait for it. */
  get claims(): number {
    return this.allocator.granted + this.allocator.waiting;
  }

  /** Calls a function after every change. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  readonly admit: Admission = async (wish, context) => {
    const id = Symbol(wish.id.task);
    const need = this.needOf(wish, context);
    if (await context.runner.isRunning?.(wish)) {
      this.allocator.adopt(id, need); // M2
    } else if (!this.allocator.claim(id, need)) {
      this.changed();
      context.progress(`waiting for ${describeAmount(need)}`);
      await this.turnOf(id, wish, context.signal);
      context.progress('running');
    }
    this.changed();
    return () => this.end(id);
  };

  private needOf({ id, resources }: AdmissionWish, { runner }: AdmissionContext): Amount {
    const need = taskNeed(resources, runner, this.total);
    if (fits(need, this.total)) return need;
    if (this.options.isOnly) return atMost(need, this.total);
    throw taskTooLarge(id.task, describeAmount(need), describeAmount(this.total));
  }

  private turnOf(id: symbol, wish: AdmissionWish, signal: AbortSignal): Promise<void> {
    const { task } = wish.id;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
        this.granted.delete(id);
      };
      const leave = (error: Error): void => {
        settle();
        this.end(id);
        reject(error);
      };
      const cancel = (): void => leave(taskCanceled(task));
      const timer = this.onceImpatient(wish, () => leave(taskHandedOver(task)));
      this.granted.set(id, () => {
        settle();
        this.patience.delete(nameOf(wish));
        resolve();
      });
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
    });
  }

  /** M3 */
  private onceImpatient(wish: AdmissionWish, leave: () => void): NodeJS.Timeout | undefined {
    if (this.options.isOnly) return undefined;
    const name = nameOf(wish);
    const milliseconds = this.patience.get(name) ?? this.options.patienceMs ?? PATIENCE_MS;
    return setTimeout(() => {
      this.patience.set(name, Math.min(2 * milliseconds, MAX_PATIENCE_MS));
      leave();
    }, milliseconds);
  }

  private end(id: symbol): void {
    for (const next of this.allocator.end(id)) this.granted.get(next)?.();
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

function nameOf({ id }: AdmissionWish): string {
  return `${id.runId}/${id.task}`;
}
