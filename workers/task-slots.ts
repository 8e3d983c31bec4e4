// How many tasks a worker takes: as long as the machine has room for one more that asks for nothing.
//
// S1. What a task needs is known only after it was taken. One that does not fit waits its turn here
//     (machine-capacity.ts), and nothing else is taken until it has it.
// S2. Polls that wait for a task use no room: one quiet queue must not keep the others from being polled.

import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';
import { fits, minus, times, type Amount, type MachineCapacity } from '../src/runners/index.js';

/** However small they are: each has a connection to watch and a heartbeat to send. */
const MOST_TASKS = 500;

interface Permit extends SlotPermit {
  isUsed: boolean;
}

/** Slots of all the queues of one worker. */
export class TaskSlots {
  /** Permits whose task has been taken. */
  private used = 0;
  private readonly waiting = new Set<() => void>();

  /** @param typical  what a task counts as until its need is known */
  constructor(
    private readonly capacity: MachineCapacity,
    private readonly typical: Amount,
  ) {
    capacity.onChange(() => this.retry());
  }

  /** The supplier of one queue's worker. */
  supplier(): CustomSlotSupplier<ActivitySlotInfo> {
    return {
      type: 'custom',
      reserveSlot: (_, signal) => this.reserve(signal),
      tryReserveSlot: () => (this.hasRoom ? permit() : null),
      markSlotUsed: ({ permit }) => {
        (permit as Permit).isUsed = true;
        this.used += 1;
      },
      releaseSlot: ({ permit }) => {
        if ((permit as Permit).isUsed) this.used -= 1;
        this.retry();
      },
    };
  }

  private get hasRoom(): boolean {
    const { capacity, typical, used } = this;
    if (capacity.waiting > 0 || used >= MOST_TASKS) return false; // S1
    const undeclared = Math.max(0, used - capacity.claims);
    return fits(typical, minus(capacity.free, times(typical, undeclared)));
  }

  private reserve(signal: AbortSignal): Promise<Permit> {
    if (this.hasRoom) return Promise.resolve(permit());
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.delete(retry);
        reject(signal.reason as Error);
      };
      const retry = (): void => {
        if (!this.hasRoom) return;
        this.waiting.delete(retry);
        signal.removeEventListener('abort', leave);
        resolve(permit());
      };
      this.waiting.add(retry);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  private retry(): void {
    for (const retry of this.waiting) retry();
  }
}

function permit(): Permit {
  return { isUsed: false };
}
