import { fileURLToPath } from 'node:url';
import { configErrors } from '../errors/index.js';
import type { ArtifactStore } from './artifact-store.js';
import { openLocalStore } from './local/index.js';
import type { OpenStoreOptions } from './s3-options.js';

/**
 * Opens the store at an address: a folder's path, `file:///…` or `s3://bucket/prefix`.
 * What S3 needs is loaded only where S3 is used.
 *
 * @throws E_CONFIG for any other address; E_STORE, with the remedy, when it cannot be opened
 */
export async function openStore(
  address: string,
  options: OpenStoreOptions,
): Promise<ArtifactStore> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(address)?.[1]?.toLowerCase();
  if (scheme === 's3') return (await import('./s3/index.js')).openS3Store(address, options);
  const folder = scheme === undefined && address !== '' ? address : undefined;
  if (folder === undefined && scheme !== 'file') {
    const expected = 'a folder, file:///… or s3://bucket/prefix';
    throw configErrors.settingInvalid('ANNEAL_STORE', address, expected);
  }
  return openLocalStore(folder ?? folderOf(address), {
    now: options.now,
    openExternal: async () => (await import('./s3/index.js')).openExternalObjects(options),
  });
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
