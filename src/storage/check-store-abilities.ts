import { randomUUID } from 'node:crypto';
import { storageErrors } from '../errors/index.js';
import type { ArtifactStore } from './artifact-store.js';

/** Key folder of the documents written for the check; they are removed again. */
const FOLDER = '_check';

/**
 * Tries on a store what runs rely on: writing, reading, listing, removing, and that of two creates one wins.
 * Servers that ignore `If-None-Match` pass everything but the last.
 *
 * @throws E_STORE with the remedy
 */
export async function checkStoreAbilities(store: ArtifactStore): Promise<void> {
  const key = `${FOLDER}/${randomUUID()}`;
  try {
    const first = await store.put(key, 'first', { ifAbsent: true });
    const second = await store.put(key, 'second', { ifAbsent: true });
    const text = Buffer.from((await store.get(key)) ?? '').toString('utf8');
    if (!first || second || text !== 'first') {
      throw lacks(store, 'the server lets two creates of one object both succeed');
    }
    if ((await store.inspect(store.uriOf(key))) === undefined) {
      throw lacks(store, 'what was written is not found again');
    }
  } finally {
    await store.remove(key);
  }
}

function lacks(store: ArtifactStore, reason: string): Error {
  return storageErrors.storeFailed({
    action: 'rely on',
    path: store.uriOf(FOLDER),
    reason,
    hint: 'Use a server with conditional writes (If-None-Match on PutObject): docs/storage.md lists some.',
    retryable: false,
  });
}
