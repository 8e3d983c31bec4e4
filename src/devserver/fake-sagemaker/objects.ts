// As much of S3 as model archives and captured requests need: objects are created whole or in parts, listed and read.
//
// O1. `If-None-Match: *` on an object that is there answers 412; one of many creators at once wins.
// O2. An upload in parts is invisible until it is completed.
// O3. A listing is ListObjectsV2: keys in byte order, in pages, with folders where a delimiter asks for them.

import { createHash, randomUUID } from 'node:crypto';
import type { Buckets } from './buckets.js';
import { listingOf } from './object-listing.js';

export interface ObjectRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface ObjectAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

interface StoredObject {
  readonly content: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

interface PartialUpload {
  readonly key: string;
  readonly metadata: StoredObject['metadata'];
  readonly parts: Map<number, Buffer>;
}

export class Objects implements Buckets {
  readonly #objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, PartialUpload>();

  /** The bytes at an `s3://` address; undefined when there are none. */
  read(uri: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.#objects.get(keyOf(uri))?.content);
  }

  write(uri: string, content: Buffer): Promise<void> {
    this.#objects.set(keyOf(uri), { content, metadata: {} });
    return Promise.resolve();
  }

  answer(request: ObjectRequest): ObjectAnswer {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const key = decodeURIComponent(pathname.slice(1));
    const uploadId = searchParams.get('uploadId');
    switch (request.method) {
      case 'HEAD':
      case 'GET':
        return searchParams.has('list-type')
          ? this.#list(key.replace(/\/$/, ''), searchParams)
          : this.#get(key, request.method === 'GET');
      case 'PUT':
        return uploadId === null
          ? this.#create(key, request, bodyOf(request), metadataOf(request))
          : this.#putPart(uploadId, Number(searchParams.get('partNumber')), bodyOf(request));
      case 'POST':
        return uploadId === null ? this.#begin(key, request) : this.#complete(uploadId, request);
      case 'DELETE':
        if (uploadId !== null) this.#uploads.delete(uploadId);
        else this.#objects.delete(key);
        return { status: 204 };
      default:
        return refusal(405, 'MethodNotAllowed');
    }
  }

  #get(key: string, withBody: boolean): ObjectAnswer {
    const found = this.#objects.get(key);
    if (found === undefined) return withBody ? refusal(404, 'NoSuchKey') : { status: 404 };
    const { content, metadata } = found;
    return {
      status: 200,
      headers: {
        etag: etagOf(content),
        'content-length': String(content.length),
        ...Object.fromEntries(
          Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
        ),
      },
      ...(withBody ? { body: content } : {}),
    };
  }

  /** O3. */
  #list(bucket: string, query: URLSearchParams): ObjectAnswer {
    const objects = [...this.#objects]
      .filter(([key]) => key.startsWith(`${bucket}/`))
      .map(([key, { content }]) => ({
        key: key.slice(bucket.length + 1),
        sizeBytes: content.length,
        etag: etagOf(content),
      }));
    return xml(listingOf(objects, query));
  }

  /** O1. */
  #create(
    key: string,
    { headers }: ObjectRequest,
    content: Buffer,
    metadata: StoredObject['metadata'],
  ): ObjectAnswer {
    if (headers['if-none-match'] === '*' && this.#objects.has(key)) {
      return refusal(412, 'PreconditionFailed');
    }
    this.#objects.set(key, { content, metadata });
    return { status: 200, headers: { etag: etagOf(content) } };
  }

  #begin(key: string, request: ObjectRequest): ObjectAnswer {
    const uploadId = randomUUID();
    this.#uploads.set(uploadId, { key, metadata: metadataOf(request), parts: new Map() });
    const [bucket, ...rest] = key.split('/');
    return xml(
      `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${rest.join('/')}</Key><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`,
    );
  }

  #putPart(uploadId: string, number: number, content: Buffer): ObjectAnswer {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined) return refusal(404, 'NoSuchUpload');
    upload.parts.set(number, content);
    return { status: 200, headers: { etag: etagOf(content) } };
  }

  /** O2. */
  #complete(uploadId: string, request: ObjectRequest): ObjectAnswer {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined) return refusal(404, 'NoSuchUpload');
    const { key, metadata, parts } = upload;
    const ordered = [...parts].sort(([left], [right]) => left - right).map(([, part]) => part);
    const created = this.#create(key, request, Buffer.concat(ordered), metadata);
    if (created.status !== 200) return created;
    this.#uploads.delete(uploadId);
    return xml(
      `<CompleteMultipartUploadResult><ETag>${created.headers!['etag']}</ETag></CompleteMultipartUploadResult>`,
    );
  }
}

function keyOf(uri: string): string {
  return uri.replace(/^s3:\/\//, '');
}

function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

function metadataOf({ headers }: ObjectRequest): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return Object.fromEntries(
    found.map(([name, value]) => [name.slice('x-amz-meta-'.length), String(value)]),
  );
}

/** Streams arrive in chunks that each say their length: `<hex>[;signature]\r\n<bytes>\r\n`. */
function bodyOf({ headers, body }: ObjectRequest): Buffer {
  if (!String(headers['x-amz-content-sha256']).startsWith('STREAMING-')) return body;
  const chunks: Buffer[] = [];
  let place = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', place);
    const size = parseInt(body.subarray(place, lineEnd).toString(), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    place = lineEnd + 2 + size + 2;
  }
}

function xml(content: string): ObjectAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>${content}`,
  };
}

function refusal(status: number, code: string): ObjectAnswer {
  return { ...xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`), status };
}
