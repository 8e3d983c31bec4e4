/** Activities one workflow has in flight: Temporal refuses more than 2,000 pending (limit.numPendingActivities.error). */
const MAX_IN_FLIGHT = 500;

/** Lets a bounded number of tasks run at once, first come first served. */
export class TaskSlots {
  private free = MAX_IN_FLIGHT;
  private readonly waiting: (() => void)[] = [];

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free -= 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
