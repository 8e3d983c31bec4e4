export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

const PAGE_SIZE = 1000;
const WRITTEN = '2026-01-01T00:00:00.000Z';

/** One page of ListObjectsV2 over a bucket's objects, as its XML. */
export function listingOf(objects: readonly ListedObject[], query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const size = Math.min(Number(query.get('max-keys') ?? PAGE_SIZE), PAGE_SIZE);
  const entries = entriesOf(objects, prefix, delimiter).filter(({ name }) => name > after);
  const page = entries.slice(0, size);
  const isLast = page.length === entries.length;
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : escaped;
  return [
    '<ListBucketResult>',
    `<IsTruncated>${!isLast}</IsTruncated><KeyCount>${page.length}</KeyCount>`,
    isLast ? '' : `<NextContinuationToken>${escaped(page.at(-1)!.name)}</NextContinuationToken>`,
    ...page.map(({ name, object }) =>
      object === undefined
        ? `<CommonPrefixes><Prefix>${encode(name)}</Prefix></CommonPrefixes>`
        : `<Contents><Key>${encode(name)}</Key><Size>${object.sizeBytes}</Size><ETag>${escaped(object.etag)}</ETag><LastModified>${WRITTEN}</LastModified></Contents>`,
    ),
    '</ListBucketResult>',
  ].join('');
}

interface Entry {
  readonly name: string;
  /** Absent for a folder. */
  readonly object?: ListedObject;
}

function entriesOf(objects: readonly ListedObject[], prefix: string, delimiter: string): Entry[] {
  const entries = new Map<string, Entry>();
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
    entries.set(name, end < 0 ? { name, object } : { name });
  }
  return [...entries.values()].sort((left, right) =>
    Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)),
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
