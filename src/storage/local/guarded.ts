// Turns a failed system call into a storage error that names the path and the remedy.

import { isAnnealError, storageErrors, type AnnealError } from '../../errors/index.js';

interface Cause {
  readonly reason: string;
  readonly hint?: string;
  readonly retryable: boolean;
}

const MOVE_STORE = 'Put the store on a local disk (ANNEAL_STORE) that offers what is missing.';

const CAUSES: Readonly<Record<string, Cause>> = {
  EACCES: {
    reason: 'permission denied',
    hint: 'Give this user read and write access to the store, or set ANNEAL_STORE to a folder of its own.',
    retryable: false,
  },
  EPERM: { reason: 'operation not permitted', hint: MOVE_STORE, retryable: false },
  EROFS: {
    reason: 'the file system is read-only',
    hint: 'Mount it writable, or set ANNEAL_STORE to another folder.',
    retryable: false,
  },
  ENOTSUP: { reason: 'the file system has no hard links', hint: MOVE_STORE, retryable: false },
  ENAMETOOLONG: {
    reason: 'the path is too long for this file system',
    hint: 'Set ANNEAL_STORE to a folder with a shorter path.',
    retryable: false,
  },
  EEXIST: { reason: 'a file of that name is in its way', retryable: false },
  ELOOP: { reason: 'it is a symbolic link', retryable: false },
  EMFILE: { reason: 'too many open files', hint: 'Raise the limit: ulimit -n', retryable: true },
};

/** Runs one system call on a path of the store; `action` is the verb the error will use. */
export async function guarded<T>(action: string, path: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw isAnnealError(error) ? error : storeError(action, path, error);
  }
}

/** The system's error code (`ENOENT`), or undefined for anything that is not a system error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** Runs a call whose path may be absent: undefined then. */
export async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function storeError(action: string, path: string, cause: unknown): AnnealError {
  const code = systemCode(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') return storageErrors.storeFull(path, cause);
  if (code === 'ENOTDIR' || code === 'EISDIR') return storageErrors.storeKeyTaken(path, cause);
  const known = code === undefined ? undefined : CAUSES[code];
  const reason = known?.reason ?? (cause instanceof Error ? cause.message : String(cause));
  return storageErrors.storeFailed({
    action,
    path,
    reason: code === undefined || known === undefined ? reason : `${reason} (${code})`,
    hint: known?.hint,
    retryable: known?.retryable ?? true,
    cause,
  });
}
