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
  readonly times: number;
}

/** Scripted faults, and how many of them struck: a fault test whose fault never struck proves nothing. */
export class Faults {
  #script: { readonly fault: Fault; left: number }[] = [];
  #struck = 0;

  add(fault: Fault): void {
    this.#script.push({ fault, left: fault.times });
  }

  get struck(): number {
    return this.#struck;
  }

  /** The fault that strikes this call, if any. */
  next(operation: string): Fault | undefined {
    const entry = this.#script.find(({ fault, left }) => left > 0 && fault.operation === operation);
    if (entry === undefined) return undefined;
    entry.left -= 1;
    this.#struck += 1;
    return entry.fault;
  }
}
