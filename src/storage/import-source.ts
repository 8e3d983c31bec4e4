// Opens data from outside the store for an importer.
//
// O1. The scheme and the allowed folders are checked before the disk is touched: a refused address tells
//     nothing about what exists.
// O2. Links are resolved before the folders are compared, so a link cannot lead out of an allowed folder.
// O3. Only files and folders are read: a device or pipe could be endless.

import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { isAnnealError, taskErrors } from '../errors/index.js';
import type { StoredContent } from './artifact-store.js';
import { pathOfImport } from './import-address.js';
import { digestContent } from './local/index.js';

/** What an importer may read. */
export interface ImportPolicy {
  /** Absolute folder that relative addresses start at; not itself allowed unless it is among the roots. */
  readonly baseFolder: string;
  /** Absolute folders that may be read, with all below them (ANNEAL_IMPORT_ROOTS). */
  readonly allowedRoots: readonly string[];
  /** True when whoever started the run chose the address: then any file this user can read. */
  readonly allowAnyLocalPath: boolean;
}

export interface ImportSource extends StoredContent {
  /** Absolute path with every link resolved. */
  readonly localPath: string;
}

/**
 * Resolves, checks and digests what an importer points to: a file, or a folder as folder artifact.
 *
 * @throws E_IMPORT_REFUSED when the scheme or place is not allowed; E_INPUT_NOT_FOUND when it is missing or
 *   unreadable; E_ARTIFACT when a folder holds links, devices or too many files. None is worth a retry,
 *   except a file that changes while it is read.
 */
export async function openImportSource(uri: string, policy: ImportPolicy): Promise<ImportSource> {
  const path = pathOfImport(uri, policy.baseFolder);
  const roots = await allowedPlaces(policy);
  if (!isAllowed(path, roots)) throw outsideRoots(uri); // O1
  try {
    const localPath = await realpath(path);
    if (!isAllowed(localPath, roots)) throw outsideRoots(uri); // O2
    const found = await stat(localPath);
    if (!found.isFile() && !found.isDirectory()) throw notPlain(uri); // O3
    await access(localPath, constants.R_OK);
    const { content } = (await digestContent(localPath))!;
    return { localPath, ...content };
  } catch (error) {
    if (isAnnealError(error)) throw error;
    const place = { path, baseFolder: policy.baseFolder, reason: reasonOf(error) };
    throw taskErrors.inputNotFound(uri, place, error);
  }
}

/** Each root as given and with its links resolved; undefined: every place. */
async function allowedPlaces(policy: ImportPolicy): Promise<readonly string[] | undefined> {
  if (policy.allowAnyLocalPath) return undefined;
  const places = policy.allowedRoots.map(async (root) => {
    const given = resolve(root);
    return [given, await realpath(given).catch(() => given)];
  });
  return (await Promise.all(places)).flat();
}

function isAllowed(path: string, roots: readonly string[] | undefined): boolean {
  if (roots === undefined) return true;
  return roots.some((root) => {
    const inside = relative(root, path);
    return inside !== '..' && !inside.startsWith(`..${sep}`);
  });
}

function outsideRoots(uri: string): Error {
  return taskErrors.importRefused(
    uri,
    'it is outside the folders that pipelines may import from',
    'Add its folder to ANNEAL_IMPORT_ROOTS, or pass the path as a parameter of the run.',
  );
}

function notPlain(uri: string): Error {
  return taskErrors.importRefused(
    uri,
    'it is a device, pipe or socket',
    'Write the data to a file and import that.',
  );
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  if (code === 'ELOOP') return 'its symbolic links go round in a circle';
  return error instanceof Error ? error.message : String(error);
}
