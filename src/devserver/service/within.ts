/** Waits for a promise, but not for ever. */
export async function within<Value>(
  timeoutMs: number,
  promise: Promise<Value>,
): Promise<Value | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
