export type Input = Readonly<Record<string, unknown>>;

/** Operations of one service, by name; an answer of undefined is an empty one. */
export type Operations = Readonly<Record<string, (input: Input) => unknown>>;

/** An answer to a change that changed nothing, because all was so already. */
export class Unchanged {
  readonly answer: unknown;

  constructor(answer: unknown) {
    this.answer = answer;
  }
}

/** Marks an answer as that of a change without effect: it is no effective call in the ledger. */
export function unchanged(answer: unknown): Unchanged {
  return new Unchanged(answer);
}
