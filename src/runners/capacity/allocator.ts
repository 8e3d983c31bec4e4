// Who may use how much of a machine, and who is next. Pure: no clock, no promises.
//
// C1. What is granted never exceeds the machine, whatever order claims come and go in.
// C2. Claims are granted in the order they came: a large one is not passed by small ones for ever (no starvation).
// C3. A claim that fits the whole machine is granted at the latest when all before it have ended (no deadlock).
// C4. What runs already is counted even where there is no room for it: it cannot be made to wait.

import { fits, minus, NOTHING, plus, type Amount } from './amount.js';

export class Allocator<Id> {
  private readonly held = new Map<Id, Amount>();
  private readonly queue = new Map<Id, Amount>();
  private used = NOTHING;

  constructor(readonly total: Amount) {}

  /** What is not granted; negative where something runs beyond the machine's size (C4). */
  get free(): Amount {
    return minus(this.total, this.used);
  }

  /** Claims in wait. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Claims granted. */
  get granted(): number {
    return this.held.size;
  }

  /**
   * Claims an amount that fits the whole machine.
   * @returns whether it is granted at once; else it waits its turn
   */
  claim(id: Id, amount: Amount): boolean {
    if (!fits(amount, this.total)) throw new RangeError('the claim exceeds the machine');
    this.queue.set(id, amount);
    return this.grantNext().includes(id);
  }

  /** Counts what runs already (C4). */
  adopt(id: Id, amount: Amount): void {
    this.hold(id, amount);
  }

  /**
   * Ends a claim, granted or in wait.
   * @returns those that are granted now, in order
   */
  end(id: Id): Id[] {
    const amount = this.held.get(id);
    if (amount !== undefined) this.used = minus(this.used, amount);
    this.held.delete(id);
    this.queue.delete(id);
    return this.grantNext();
  }

  private grantNext(): Id[] {
    const granted: Id[] = [];
    for (const [id, amount] of this.queue) {
      if (!fits(amount, this.free)) break; // C2
      this.queue.delete(id);
      this.hold(id, amount);
      granted.push(id);
    }
    return granted;
  }

  private hold(id: Id, amount: Amount): void {
    this.held.set(id, amount);
    this.used = plus(this.used, amount);
  }
}
