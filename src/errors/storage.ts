// Wording of everything that can go wrong with stored bytes and records.

import { AnnealError } from './anneal-error.js';

/** Made when a storage key breaks a rule of assertStoreKey. */
export function unsafeStoreKey(key: string, rule: string): AnnealError {
  return new AnnealError(`The storage key ${JSON.stringify(key.slice(0, 300))} ${rule}.`, {
    code: 'E_STORE_KEY',
    hint: 'Make every segment with safeSegment(name) and join them with single slashes.',
    details: { key: key.slice(0, 1000) },
  });
}

/** Made when a key is asked for whose folder is a document, or the reverse. */
export function storeKeyTaken(path: string, cause: unknown): AnnealError {
  return new AnnealError(
    `"${path}" cannot hold a document: a folder or a document is in its way.`,
    {
      code: 'E_STORE_KEY',
      hint: 'No key may be the folder of another key.',
      details: { path },
      cause,
    },
  );
}

/** Made when the disk of the store has no room left. */
export function storeFull(path: string, cause: unknown): AnnealError {
  return new AnnealError(
    `The disk of the artifact store is full: "${path}" could not be written.`,
    {
      code: 'E_STORE_FULL',
      hint: 'Free some space on that disk, then start the run again: finished tasks come from the cache.',
      details: { path },
      cause,
    },
  );
}

export interface StoreFailure {
  /** What was tried, as a verb: `read`, `write`. */
  readonly action: string;
  readonly path: string;
  readonly reason: string;
  readonly hint?: string;
  /** True when the same call may work a moment later. */
  readonly retryable: boolean;
  readonly cause?: unknown;
}

/** Made when the store cannot be read or written, with the path and the system's reason. */
export function storeFailed(failure: StoreFailure): AnnealError {
  const { action, path, reason, hint, retryable, cause } = failure;
  return new AnnealError(`The artifact store cannot ${action} "${path}": ${reason}.`, {
    code: 'E_STORE',
    hint,
    retryable,
    details: { action, path, reason },
    cause,
  });
}

/** Made when a task of another machine should have written to a store that is a folder of this one. */
export function storeOfOneMachine(folder: string): AnnealError {
  return new AnnealError(`The store of "${folder}" is a folder of this machine.`, {
    code: 'E_UNSUPPORTED',
    hint: 'Tasks that run on other machines need an S3 store: ANNEAL_STORE=s3://bucket/prefix',
    details: { folder },
  });
}

/** Made when an address leads nowhere. */
export function artifactMissing(uri: string): AnnealError {
  return new AnnealError(`The artifact ${uri} is missing from the store.`, {
    code: 'E_ARTIFACT',
    hint: 'Run the pipeline again: what is missing is made anew.',
    details: { uri },
  });
}

/** Made when an address belongs to another store or to none. */
export function artifactElsewhere(uri: string, storeUri: string): AnnealError {
  return new AnnealError(`The artifact ${uri} is not in this store (${storeUri}).`, {
    code: 'E_ARTIFACT',
    hint: 'Only addresses below the store are read; bring other data in with an importer.',
    details: { uri, storeUri },
  });
}

/** Made when a tree holds something that is not plain files and folders. */
export function artifactRefused(path: string, rule: string): AnnealError {
  return new AnnealError(`"${path}" cannot be stored as an artifact: ${rule}.`, {
    code: 'E_ARTIFACT',
    hint: 'An artifact is one file, or a folder of files; write copies instead of links.',
    details: { path },
  });
}

/** Made when a file is still being written while it is digested. */
export function artifactChanging(path: string): AnnealError {
  return new AnnealError(`"${path}" changed while it was being read.`, {
    code: 'E_ARTIFACT',
    hint: 'Something still writes to it: a task must close its outputs and end its child processes.',
    retryable: true,
    details: { path },
  });
}

/** Made when stored bytes are not the bytes that were recorded. */
export function digestMismatch(uri: string, expected: string, found: string): AnnealError {
  return new AnnealError(`The bytes of ${uri} do not match their recorded digest.`, {
    code: 'E_DIGEST',
    hint: 'They were changed or damaged after the task ended: run the pipeline again to make them anew.',
    details: { uri, expected, found },
  });
}

/** Made when imported data was changed while the run that imported it still used it. */
export function sourceChanged(uri: string, expected: string, found: string): AnnealError {
  return new AnnealError(`The imported data at ${uri} changed while the run was using it.`, {
    code: 'E_DIGEST',
    hint: 'Run the pipeline again; write new data to a new file instead of over the old one.',
    details: { uri, expected, found },
  });
}

/** Made when a manifest, registry entry, index entry or run record cannot be trusted. */
export function recordDamaged(key: string, where: string, reason: string): AnnealError {
  return new AnnealError(`The stored record "${key}" is damaged: ${where} ${reason}.`, {
    code: 'E_RECORD',
    where,
    hint: 'Remove the record, or restore it from a backup; bytes of artifacts are not affected.',
    details: { key },
  });
}

/** Made when a folder store is asked for what only a store with a server can do. */
export function folderStoreLacks(ability: string): AnnealError {
  return new AnnealError(`A folder as artifact store cannot ${ability}.`, {
    code: 'E_UNSUPPORTED',
    where: 'ANNEAL_STORE',
    hint: 'Use an S3 store: ANNEAL_STORE=s3://bucket/prefix (docs/storage.md).',
    details: { ability },
  });
}
