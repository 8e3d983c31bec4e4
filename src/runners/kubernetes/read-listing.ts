// What a pod stored, as its launcher lists it.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { outputNotReadable } from '../../errors/task.js';
import type { ArtifactStore, StoredContent } from '../../storage/index.js';
import { LISTING } from './transfer-plan.js';

export interface Listing {
  readonly version: 1;
  readonly outputs: Readonly<Record<string, StoredContent>>;
  /** Small files for the worker: parameters, executor_output.json. */
  readonly documents: readonly string[];
  /** ISO 8601. */
  readonly storedAt: string;
}

/**
 * Reads the listing of an attempt; undefined while its pod has not stored everything.
 *
 * @param key  the attempt's place in the store
 * @throws E_TASK_OUTPUT when it is damaged; E_STORE
 */
export async function readListing(store: ArtifactStore, key: string): Promise<Listing | undefined> {
  const bytes = await store.get(`${key}/${LISTING}`);
  if (bytes === undefined) return undefined;
  try {
    const listing = JSON.parse(Buffer.from(bytes).toString('utf8')) as Listing;
    if (listing.version === 1) return listing;
  } catch {
    // The error below says it.
  }
  throw outputNotReadable(LISTING, 'it is not what this version writes');
}

/** Brings the small files to the attempt's folder here. @throws E_TASK_OUTPUT, E_STORE */
export async function bringDocuments(
  store: ArtifactStore,
  key: string,
  { documents }: Listing,
  folder: string,
): Promise<void> {
  for (const name of documents) {
    const local = path.resolve(folder, name);
    if (!local.startsWith(folder + path.sep)) throw outputNotReadable(name, 'its path leads away');
    const bytes = await store.get(`${key}/${name}`);
    if (bytes === undefined) throw outputNotReadable(name, 'it vanished from the store');
    await mkdir(path.dirname(local), { recursive: true, mode: 0o700 });
    await writeFile(local, bytes, { mode: 0o600 });
  }
}
