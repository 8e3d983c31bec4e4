// Opens data from outside the store for an importer.
//
// O1. The scheme and the allowed places are checked before disk or network are touched: a refused address tells
//     nothing about what exists.
// O2. Links are resolved before the folders are compared, so a link cannot lead out of an allowed folder.
// O3. Only files and folders are read: a device or pipe could be endless.

import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isAnnealError, taskErrors } from '../errors/index.js';
import type { ArtifactStore, ExternalContent } from './artifact-store.js';
import { readImportAddress } from './import-address.js';
import { digestContent } from './local/index.js';

/** What an importer may read. */
export interface ImportPolicy {
  /** Absolute folder that relative addresses start at; not itself allowed unless it is among the roots. */
  readonly baseFolder: string;
  /** Absolute folders and `s3://bucket/prefix` that may be read, with all below them (ANNEAL_IMPORT_ROOTS). */
  readonly allowedRoots: readonly string[];
  /** True when whoever started the run chose the address: then anything that this user can read. */
  readonly allowAnyPlace: boolean;
}

/** What an importer reads: on this machine, every link resolved, or a copy of what is in S3. */
export interface ImportSource extends ExternalContent {
  /** The address with every link resolved, as lineage records it. */
  readonly uri: string;
}

export interface ImportTools {
  readonly store: Pick<ArtifactStore, 'fetchExternal'>;
  /** A copy stays at least until this is aborted. */
  readonly inUse?: AbortSignal;
}

/**
 * Resolves, checks and digests what an importer points to: a file, or a folder as folder artifact.
 *
 * @throws E_IMPORT_REFUSED when the scheme or place is not allowed; E_INPUT_NOT_FOUND when it is missing or
 *   unreadable; E_ARTIFACT when a folder holds links, devices or too many files. None is worth a retry,
 *   except a file that changes while it is read.
 */
export async function openImportSource(
  uri: string,
  policy: ImportPolicy,
  { store, inUse }: ImportTools,
): Promise<ImportSource> {
  const address = readImportAddress(uri, policy.baseFolder);
  if (address.kind === 'path') return openPath(uri, address.path, policy);
  if (!isAllowedObject(uri, policy)) throw outsideRoots(uri); // O1
  return { ...(await store.fetchExternal(uri, inUse)), uri };
}

async function openPath(uri: string, path: string, policy: ImportPolicy): Promise<ImportSource> {
  const roots = await allowedFolders(policy);
  if (!isAllowed(path, roots)) throw outsideRoots(uri); // O1
  try {
    const localPath = await realpath(path);
    if (!isAllowed(localPath, roots)) throw outsideRoots(uri); // O2
    const found = await stat(localPath);
    if (!found.isFile() && !found.isDirectory()) throw notPlain(uri); // O3
    await access(localPath, constants.R_OK);
    const { content } = (await digestContent(localPath))!;
    return { localPath, uri: pathToFileURL(localPath).href, ...content };
  } catch (error) {
    if (isAnnealError(error)) throw error;
    const place = { path, baseFolder: policy.baseFolder, reason: reasonOf(error) };
    throw taskErrors.inputNotFound(uri, place, error);
  }
}

function isAllowedObject(uri: string, { allowAnyPlace, allowedRoots }: ImportPolicy): boolean {
  return allowAnyPlace || allowedRoots.some((root) => uri === root || uri.startsWith(`${root}/`));
}

/** Each folder as given and with its links resolved; undefined: every place. */
async function allowedFolders(policy: ImportPolicy): Promise<readonly string[] | undefined> {
  if (policy.allowAnyPlace) return undefined;
  const folders = policy.allowedRoots.filter((root) => !root.startsWith('s3://'));
  const places = folders.map(async (root) => {
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
    'it is outside the places that pipelines may import from',
    'Add its folder or bucket to ANNEAL_IMPORT_ROOTS, or pass the address as a parameter of the run.',
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
