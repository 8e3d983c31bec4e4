import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { taskErrors } from '../errors/index.js';

/** Longest address taken, in bytes: Linux's PATH_MAX. */
const MAX_ADDRESS_BYTES = 4096;
const COPY_HINT =
  'Download the data first, then give its path; only files of this machine are imported.';

/**
 * Turns an importer's address into an absolute path, without touching the disk or the network.
 *
 * @param uri         a path (relative ones start at `baseFolder`) or `file:///…`, percent-decoded once
 * @param baseFolder  absolute path
 * @throws E_IMPORT_REFUSED for any other scheme, another machine, or a text that is no path; E_INPUT_NOT_FOUND when empty
 */
export function pathOfImport(uri: string, baseFolder: string): string {
  if (uri === '') {
    throw taskErrors.inputNotFound(uri, { path: baseFolder, baseFolder, reason: 'it is empty' });
  }
  if (Buffer.byteLength(uri) > MAX_ADDRESS_BYTES || uri.includes('\0')) {
    throw refused(uri, 'it is no path: it is too long or holds a NUL character', COPY_HINT);
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return isAbsolute(uri) ? resolve(uri) : resolve(baseFolder, uri);
  if (scheme === 'file') return pathOfFileUrl(uri);
  throw refused(uri, `addresses of the scheme "${scheme}" are not imported`, COPY_HINT);
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
