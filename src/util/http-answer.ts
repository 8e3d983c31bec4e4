// What an answer over HTTP, or none, means for another try.

const WORTH_A_RETRY: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** Whether a refusal may be over when the call is made again. */
export function isWorthARetry(status: number): boolean {
  return status >= 500 || WORTH_A_RETRY.has(status);
}

/**
 * Why fetch got no answer, in words that complete "X cannot be used: ". It hides the reason in its cause; no address is
 * in there.
 *
 * @param timeoutMs  after which the call was given up
 */
export function whyNoAnswer(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'it did not answer';
  if (error.name === 'TimeoutError') return `it did not answer within ${timeoutMs / 1000} s`;
  const code = (error.cause as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? `it cannot be reached (${code})` : 'it cannot be reached';
}
