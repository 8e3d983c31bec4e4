import { sha256Of, type StoredContent } from '../../storage/index.js';
import type { JobObject } from './job-objects.js';

/** Reads the output of `sha256sum` over `find .`: hex digests by path. Names it had to escape are left out. */
export function parseDigests(listing: string | undefined): Map<string, string> {
  const digests = new Map<string, string>();
  for (const line of (listing ?? '').split('\n')) {
    const [, hex, path] = /^([0-9a-f]{64}) [ *]\.\/(.+)$/.exec(line) ?? [];
    if (hex !== undefined && path !== undefined) digests.set(path, hex);
  }
  return digests;
}

/**
 * What a tree was on the job's machine, by the store's rule (storage/local/digest-content.ts).
 *
 * @param files  what arrived of the tree, in the order of the keys' UTF-8 bytes
 * @returns undefined when the machine did not digest every file of it
 */
export function contentOf(
  tree: string,
  files: readonly JobObject[],
  digests: ReadonlyMap<string, string>,
): StoredContent | undefined {
  const sizeBytes = files.reduce((total, file) => total + file.sizeBytes, 0);
  const whole = digests.get(tree);
  if (whole !== undefined) return { digest: `sha256:${whole}`, sizeBytes, kind: 'file' };
  // Every file that was there, not only those that arrived: one that is missing must show.
  const below = [...digests].filter(([path]) => path.startsWith(`${tree}/`));
  if (below.length === 0 || files.some(({ key }) => !digests.has(key))) return undefined;
  const listing = below
    .map(([path, hex]) => [path.slice(tree.length + 1), hex] as const)
    .sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    .map(([path, hex]) => `${hex}  ${path}\n`)
    .join('');
  return { digest: sha256Of(listing), sizeBytes, kind: 'folder' };
}
