import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { taskErrors } from '../errors/index.js';
import { parseS3Address } from './s3/s3-address.js';

/** Longest address taken, in bytes: Linux's PATH_MAX. */
const MAX_ADDRESS_BYTES = 4096;
const COPY_HINT = 'Copy the data to a file of this machine or to S3 first, then give that address.';

/** Where an importer's data is. */
export type ImportAddress =
  | { readonly kind: 'path'; readonly path: string }
  /** An object or a prefix in S3. */
  | { readonly kind: 'object'; readonly uri: string };

/**
 * Reads an importer's address, without touching the disk or the network.
 *
 * @param uri         a path (relative ones start at `baseFolder`), `file:///…`, percent-decoded once, or `s3://bucket/key`
 * @param baseFolder  absolute path
 * @throws E_IMPORT_REFUSED for any other scheme, another machine, or a text that is no path; E_INPUT_NOT_FOUND when empty
 */
export function readImportAddress(uri: string, baseFolder: string): ImportAddress {
  if (uri === '') {
    throw taskErrors.inputNotFound(uri, { path: baseFolder, baseFolder, reason: 'it is empty' });
  }
  if (Buffer.byteLength(uri) > MAX_ADDRESS_BYTES || uri.includes('\0')) {
    throw refused(uri, 'it is no path: it is too long or holds a NUL character', COPY_HINT);
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return { kind: 'path', path: isAbsolute(uri) ? resolve(uri) : resolve(baseFolder, uri) };
  }
  if (scheme === 'file') return { kind: 'path', path: pathOfFileUrl(uri) };
  if (scheme !== 's3') {
    throw refused(uri, `addresses of the scheme "${scheme}" are not imported`, COPY_HINT);
  }
  if (parseS3Address(uri) === undefined) {
    throw refused(uri, 'it is no address of S3', 'Write s3://bucket/key, or s3://bucket/folder/');
  }
  return { kind: 'object', uri };
}

function pathOfFileUrl(uri: string): string {
  try {
    const url = new URL(uri);
    if (url.search !== '' || url.hash !== '') throw new TypeError('query or fragment');
    return fileURLToPath(url);
  } catch {
    throw refused(
      uri,
      'it is not a file address of this machine',
      'Write file:///absolute/path, with "?" and "#" as %3F and %23, or the plain path.',
    );
  }
}

/** Addresses of other machines may carry passwords and signatures: neither is shown. */
function refused(uri: string, rule: string, hint: string): Error {
  const shown = uri
    .slice(0, 300)
    .replace(/\/\/[^/]*@/, '//***@')
    .replace(/[?#].*$/s, '?…');
  return taskErrors.importRefused(shown, rule, hint);
}
