// Keeps a sample of an endpoint's requests, for monitoring.
//
// C1. Bounded: two files of 5 MiB, requests of at most 64 KiB; the oldest go first.
// C2. The owner's alone (0600 in a folder of 0700): requests may hold personal data.
// C3. Only requests that were answered with 2xx are kept: others are no rows that a model saw.
// C4. The format is that of SageMaker's data capture, so both are read alike.

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { CappedLog } from './capped-log.js';

const REQUEST_MAX_BYTES = 64 * 1024;
const FILE = 'requests.jsonl';

export interface RequestCapture {
  /**
   * Reads along with a request when chance has it, without holding it up.
   *
   * @returns to be called with the status of its answer
   */
  follow(incoming: IncomingMessage): (status: number) => void;
  close(): void;
}

/**
 * Opens the capture of an endpoint.
 *
 * @param share of requests, a fraction above 0
 * @param random numbers from 0 to 1, 1 excluded
 */
export function openCapture(
  folder: string,
  share: number,
  random: () => number = Math.random,
): RequestCapture {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = new CappedLog(join(folder, FILE));
  return {
    follow: (incoming) => {
      if (random() >= share) return () => undefined;
      const body = readAlong(incoming);
      return (status) => {
        const bytes = body();
        if (bytes === undefined || status < 200 || status > 299) return; // C3
        file.write(Buffer.from(`${JSON.stringify(captureOf(incoming, bytes))}\n`));
      };
    },
    close: () => file.close(),
  };
}

/** The body once it is whole; undefined when it was too long. */
function readAlong(incoming: IncomingMessage): () => Buffer | undefined {
  let sizeBytes = 0;
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= REQUEST_MAX_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  return () => (sizeBytes > REQUEST_MAX_BYTES ? undefined : Buffer.concat(chunks));
}

/** C4 */
function captureOf({ headers }: IncomingMessage, body: Buffer): object {
  const observedContentType = headers['content-type'] ?? '';
  const text = body.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(body);
  const encoding = !isText ? 'BASE64' : observedContentType.includes('json') ? 'JSON' : 'CSV';
  const data = isText ? text : body.toString('base64');
  return {
    captureData: { endpointInput: { observedContentType, mode: 'INPUT', data, encoding } },
    eventMetadata: { eventId: randomUUID(), inferenceTime: new Date().toISOString() },
    eventVersion: '0',
  };
}
