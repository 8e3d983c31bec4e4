import { storageErrors } from '../errors/index.js';
import type { ArtifactStore, StoredContent } from './artifact-store.js';

/**
 * Checks that an artifact's bytes are the recorded ones.
 *
 * @param digest `sha256:<hex>` as recorded when it was made
 * @throws E_ARTIFACT when it is missing, E_DIGEST when its bytes differ
 */
export async function verifyArtifact(
  store: ArtifactStore,
  uri: string,
  digest: string,
): Promise<StoredContent> {
  const found = await store.inspect(uri);
  if (found === undefined) throw storageErrors.artifactMissing(uri);
  if (found.digest !== digest) throw storageErrors.digestMismatch(uri, digest, found.digest);
  return found;
}
