/** Runs tasks one after another, in the order they came; one that fails does not hold up the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Settles when all that was queued so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
