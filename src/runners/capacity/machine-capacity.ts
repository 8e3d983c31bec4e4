// The room on one machine, shared by all task queues that its worker polls.
//
// M1. A task waits its turn in the worker that took it (allocator.ts); the worker takes no more tasks meanwhile.
// M2. A task that runs already, because a worker before this one started it, never waits.

import { taskCanceled, taskTooLarge } from '../../errors/task.js';
import type { Admission, AdmissionContext } from '../admission.js';
import type { LaunchSpec } from '../runner.js';
import { Allocator } from './allocator.js';
import { atMost, describeAmount, fits, type Amount } from './amount.js';
import { taskNeed } from './task-need.js';

export interface MachineCapacityOptions {
  readonly total: Amount;
  /** A task larger than the machine gets all of it, since no other machine could take it; else it is refused. */
  readonly shrinkToFit: boolean;
}

export class MachineCapacity {
  private readonly allocator: Allocator<symbol>;
  private readonly granted = new Map<symbol, () => void>();
  private readonly listeners = new Set<() => void>();

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

  /** Calls a function after every change, until it is taken back. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  readonly admit: Admission = async (spec, context) => {
    const id = Symbol(spec.id.task);
    const need = this.needOf(spec, context);
    if (await context.runner.isRunning?.(spec)) {
      this.allocator.adopt(id, need); // M2
    } else if (!this.allocator.claim(id, need)) {
      this.changed();
      context.progress(`waiting for ${describeAmount(need)}`);
      await this.turnOf(id, spec.id.task, context.signal);
      context.progress('running');
    }
    this.changed();
    return () => this.end(id);
  };

  private needOf(spec: LaunchSpec, { runner }: AdmissionContext): Amount {
    const need = taskNeed(spec.resources, runner, this.total);
    if (fits(need, this.total)) return need;
    if (this.options.shrinkToFit) return atMost(need, this.total);
    throw taskTooLarge(spec.id.task, describeAmount(need), describeAmount(this.total));
  }

  private turnOf(id: symbol, task: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.granted.delete(id);
        this.end(id);
        reject(taskCanceled(task));
      };
      this.granted.set(id, () => {
        signal.removeEventListener('abort', leave);
        resolve();
      });
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
    });
  }

  private end(id: symbol): void {
    for (const next of this.allocator.end(id)) {
      this.granted.get(next)?.();
      this.granted.delete(next);
    }
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
