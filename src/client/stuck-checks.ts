import type { RunView, StuckView } from '../contract/index.js';

/** Asking costs a call or two; what is stuck stays so. */
const INTERVAL_MS = 3000;

/** Adds to the views of one run that is watched what holds it up, asking now and then only. */
export class StuckChecks {
  #last: StuckView | undefined;
  #askedAt = Date.now();
  #view: RunView | undefined;

  /** @param ask  finds what holds the run up now */
  constructor(private readonly ask: () => Promise<StuckView | undefined>) {}

  /** The view with what holds the run up. */
  async complete(view: RunView): Promise<RunView> {
    this.#view = view;
    if (Date.now() - this.#askedAt >= INTERVAL_MS) await this.#ask();
    return this.#last === undefined ? view : { ...view, stuck: this.#last };
  }

  /**
   * Tells why a run could not be asked for its state.
   * @param failed  what the question failed with tells of it
   * @param bare    what is known of a run that never answered
   * @returns its last state and what holds it up; undefined when that is another matter
   */
  async explain(
    failed: StuckView | undefined,
    bare: () => Promise<RunView>,
  ): Promise<RunView | undefined> {
    await this.#ask();
    this.#last ??= failed;
    if (this.#last === undefined || this.#last.cause === 'worker') return undefined;
    return { ...(this.#view ?? (await bare())), stuck: this.#last };
  }

  async #ask(): Promise<void> {
    this.#last = await this.ask().catch(() => undefined);
    this.#askedAt = Date.now();
  }
}
