// Answers tasks from earlier executions.
//
// H1. A hit is given only when every output's bytes are there and match their digest.
// H2. An entry that cannot be honoured is removed, so that the next execution takes its place.
// H3. Two runs computing the same key at once: the first entry stays, both results are right.

import { isAnnealError } from '../errors/index.js';
import type { ArtifactRef } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { fields, text } from './decode.js';
import { readManifest, type ExecutionManifest } from './execution-manifest.js';
import { cacheEntryKey } from './keys.js';
import { parseRecord } from './read-record.js';
import { encodeRecord } from './record.js';

interface CacheEntry {
  readonly cacheKey: string;
  readonly manifestKey: string;
}

export interface CacheHit {
  readonly manifest: ExecutionManifest;
  readonly manifestKey: string;
}

const cacheEntry = fields<CacheEntry>({ cacheKey: text, manifestKey: text });

/**
 * Finds an execution with this cache key whose outputs are intact (H1).
 * @returns undefined on a miss; a stale entry was removed then (H2)
 */
export async function lookupCache(
  store: ArtifactStore,
  cacheKey: string,
): Promise<CacheHit | undefined> {
  const entryKey = cacheEntryKey(cacheKey);
  const bytes = await store.get(entryKey);
  if (bytes === undefined) return undefined;
  const hit = await whenTrusted(() =>
    readHit(store, parseRecord(entryKey, bytes, cacheEntry), cacheKey),
  );
  if (hit === undefined) await store.remove(entryKey);
  return hit;
}

/**
 * Stores that this manifest answers a cache key.
 * @returns false when an earlier entry stays (H3)
 */
export async function rememberExecution(
  store: ArtifactStore,
  cacheKey: string,
  manifestKey: string,
): Promise<boolean> {
  const entry: CacheEntry = { cacheKey, manifestKey };
  return store.put(cacheEntryKey(cacheKey), encodeRecord(entry), { ifAbsent: true });
}

async function readHit(
  store: ArtifactStore,
  entry: CacheEntry,
  cacheKey: string,
): Promise<CacheHit | undefined> {
  if (entry.cacheKey !== cacheKey) return undefined;
  const manifest = await readManifest(store, entry.manifestKey);
  if (manifest?.cacheKey !== cacheKey) return undefined;
  for (const artifact of Object.values(manifest.outputs.artifacts).flat()) {
    if (!(await isIntact(store, artifact))) return undefined;
  }
  return { manifest, manifestKey: entry.manifestKey };
}

async function isIntact(store: ArtifactStore, { uri, digest }: ArtifactRef): Promise<boolean> {
  return digest !== undefined && (await store.inspect(uri))?.digest === digest;
}

/** Damaged records and artifacts make a miss; a store that cannot be read stays an error. */
async function whenTrusted<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const isDamage =
      isAnnealError(error) && ['E_RECORD', 'E_ARTIFACT', 'E_STORE_KEY'].includes(error.code);
    if (isDamage) return undefined;
    throw error;
  }
}
