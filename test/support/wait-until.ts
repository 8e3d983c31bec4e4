const POLL_MS = 50;

/**
 * Waits for a condition.
 *
 * @param what  completes "waited in vain until …"
 * @returns the first value that is neither undefined nor false
 */
export async function waitUntil<Value>(
  what: string,
  check: () => Value | Promise<Value>,
  limitMs = 100_000,
): Promise<Exclude<Value, undefined | false>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value as Exclude<Value, undefined | false>;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
