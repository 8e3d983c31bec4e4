/** One scripted misfortune. */
export interface Fault {
  readonly operation: string;
  /**
   * throttle: 400 ThrottlingException, nothing done. error: 500 InternalFailure.
   * drop: the connection is cut without an answer. quota: 400 ResourceLimitExceeded. denied: 400 AccessDeniedException.
   */
  readonly kind: 'throttle' | 'error' | 'drop' | 'quota' | 'denied';
  /** Whether the call is carried out first; throttled calls never are. */
  readonly applied?: boolean;
  /** How many calls of the operation are spared first; default none. */
  readonly spared?: number;
  readonly times: number;
}

/** Scripted faults, and how many of them struck: a fault test whose fault never struck proves nothing. */
export class Faults {
  #script: { readonly fault: Fault; spared: number; left: number }[] = [];
  #struck = 0;
  #callsUntilDark = Infinity;
  #onDark: () => void = () => undefined;

  add(fault: Fault): void {
    this.#script.push({ fault, spared: fault.spared ?? 0, left: fault.times });
  }

  /**
   * The caller dies after some more calls: those are answered, and none that comes later is carried out.
   *
   * @param onDark told when the first such call comes
   */
  goDarkAfter(calls: number, onDark: () => void): void {
    this.#callsUntilDark = calls;
    this.#onDark = onDark;
  }

  /** The caller lives again. */
  lightUp(): void {
    this.#callsUntilDark = Infinity;
  }

  get struck(): number {
    return this.#struck;
  }

  /** The fault that strikes this call, if any. */
  next(operation: string): Fault | undefined {
    if (this.#callsUntilDark <= 0) {
      this.#struck += 1;
      this.#onDark();
      return { operation, kind: 'drop', times: 1 };
    }
    this.#callsUntilDark -= 1;
    const entry = this.#script.find(({ fault, left }) => left > 0 && fault.operation === operation);
    if (entry === undefined) return undefined;
    if (entry.spared > 0) {
      entry.spared -= 1;
      return undefined;
    }
    entry.left -= 1;
    this.#struck += 1;
    return entry.fault;
  }
}
