import { fileURLToPath } from 'node:url';
import { configErrors } from '../errors/index.js';
import type { ArtifactStore } from './artifact-store.js';
import { openLocalStore } from './local/index.js';

/**
 * Opens the store at an address: a folder's path or `file:///…`.
 *
 * @throws E_CONFIG for any other address (`s3://` is not supported yet); E_STORE when it cannot be opened
 */
export async function openStore(address: string): Promise<ArtifactStore> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined && address !== '') return openLocalStore(address);
  if (scheme === 'file') return openLocalStore(folderOf(address));
  const expected =
    scheme === 's3' ? 'a folder (s3:// stores are not supported yet)' : 'a folder or file:///…';
  throw configErrors.settingInvalid('ANNEAL_STORE', address, expected);
}

function folderOf(address: string): string {
  try {
    return fileURLToPath(address);
  } catch {
    throw configErrors.settingInvalid(
      'ANNEAL_STORE',
      address,
      'a file address of this machine: file:///folder',
    );
  }
}
