// How many tasks a worker takes: as long as the machine has room for one more that asks for nothing.
//
// S1. What a task needs is known only after it was taken. Until it has said so no other is taken, and one that does
//     not fit waits its turn (machine-capacity.ts) with nothing taken behind it: another worker may have the room.
// S2. Polls that wait for a task use no room: one quiet queue must not keep the others from being polled.

import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';
import { fits, minus, times, type Amount, type MachineCapacity } from '../src/runners/index.js';

/** However small they are: each has a connection to watch and a heartbeat to send. */
const MOST_TASKS = 500;

/** The activity that says what it needs. */
const TASK_ACTIVITY = 'runTask';

interface Permit extends SlotPermit {
  /** Type of the activity that was taken. */
  usedBy?: string;
}

export interface TaskSlotsOptions {
  /** What a task counts as until its need is known. */
  readonly typical: Amount;
  /** No other worker could take a task: as many are taken as unasking ones fit (S1 has no use). */
  readonly isOnly: boolean;
}

/** Slots of all the queues of one worker. */
export class TaskSlots {
  /** Activities that were taken, and those of them that will say what they need. */
  private used = 0;
  private usedByTasks = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly capacity: MachineCapacity,
    private readonly options: TaskSlotsOptions,
  ) {
    capacity.onChange(() => this.retry());
  }

  /** The supplier of one queue's worker. */
  supplier(): CustomSlotSupplier<ActivitySlotInfo> {
    return {
      type: 'custom',
      reserveSlot: (_, signal) => this.reserve(signal),
      tryReserveSlot: () => (this.hasRoom ? permit() : null),
      markSlotUsed: ({ permit, slotInfo }) => {
        (permit as Permit).usedBy = slotInfo.activityType;
        this.count(slotInfo.activityType, 1);
      },
      releaseSlot: ({ permit }) => {
        const { usedBy } = permit as Permit;
        if (usedBy !== undefined) this.count(usedBy, -1);
        this.retry();
      },
    };
  }

  private count(activityType: string, change: 1 | -1): void {
    this.used += change;
    if (activityType === TASK_ACTIVITY) this.usedByTasks += change;
  }

  private get hasRoom(): boolean {
    const { capacity, used, usedByTasks } = this;
    const { typical, isOnly } = this.options;
    const undeclared = Math.max(0, usedByTasks - capacity.claims);
    if (used >= MOST_TASKS || capacity.waiting > 0) return false;
    if (undeclared > 0 && !isOnly) return false; // S1
    const uncounted = undeclared + used - usedByTasks;
    return fits(typical, minus(capacity.free, times(typical, uncounted)));
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
  return {};
}
