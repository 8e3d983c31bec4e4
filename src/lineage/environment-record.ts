// What is installed in an environment, kept once for all runs that used it.

import type { EnvironmentDescription, InstalledPackage } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { fields, listOf, optional, text } from './decode.js';
import { environmentKey } from './keys.js';
import { readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

export const environmentDescription = fields<EnvironmentDescription>({
  python: text,
  implementation: text,
  platform: text,
  os: text,
  packages: listOf(fields<InstalledPackage>({ name: text, version: text, sha256: optional(text) })),
});

/** Keeps what an environment holds; an earlier record stays. */
export async function writeEnvironment(
  store: ArtifactStore,
  digest: string,
  description: EnvironmentDescription,
): Promise<void> {
  await store.put(environmentKey(digest), encodeRecord(description), { ifAbsent: true });
}

/** @returns undefined when nobody has recorded that environment. @throws E_RECORD */
export function readEnvironment(
  store: ArtifactStore,
  digest: string,
): Promise<EnvironmentDescription | undefined> {
  return readRecord(store, environmentKey(digest), environmentDescription);
}
