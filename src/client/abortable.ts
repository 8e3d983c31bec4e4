import { setMaxListeners } from 'node:events';
import type { ConnectionLike } from '@temporalio/client';

/**
 * Runs calls to the server that end when the signal aborts.
 *
 * The SDK adds a listener for every request and never removes it (connection.js, 1.24), so each
 * `call` gets a signal of its own, which goes away with it; a long poll adds one every 20 s.
 */
export async function abortable<Result>(
  connection: Pick<ConnectionLike, 'withAbortSignal'>,
  signal: AbortSignal,
  call: () => Promise<Result>,
): Promise<Result> {
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  const abort = (): void => own.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await connection.withAbortSignal(own.signal, call);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
