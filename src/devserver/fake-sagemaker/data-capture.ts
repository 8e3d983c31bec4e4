// Data capture: requests and answers of endpoints, as files in the account's buckets.
//
// Layout and records as in "Capture data from real-time endpoint", Amazon SageMaker AI Developer Guide:
// <destination>/<endpoint>/<variant>/yyyy/mm/dd/hh/<file>.jsonl, by the hour of the request in UTC.
//
// C1. Of every hundred requests of a variant InitialSamplingPercentage are captured, evenly spread: AWS draws them.
// C2. What is neither of CsvContentTypes nor of JsonContentTypes is captured in base64.
// C3. Files are written behind the answers, one after another; what comes meanwhile shares the next file of its hour.
//     AWS gathers for some minutes.
// C4. Only what a model answered with success is captured. AWS documents neither this nor the opposite.

import { randomUUID } from 'node:crypto';
import type { Buckets } from './buckets.js';
import type { Invocation, ModelAnswer } from './model-host.js';

/** As CreateEndpointConfig takes it. */
export interface DataCaptureConfig {
  readonly EnableCapture?: boolean;
  readonly InitialSamplingPercentage: number;
  readonly DestinationS3Uri: string;
  readonly KmsKeyId?: string;
  readonly CaptureOptions: readonly {
    readonly CaptureMode: 'Input' | 'Output' | 'InputAndOutput';
  }[];
  readonly CaptureContentTypeHeader?: ContentTypes;
}

interface ContentTypes {
  readonly CsvContentTypes?: readonly string[];
  readonly JsonContentTypes?: readonly string[];
}

/** A request that was answered. */
export interface Answered {
  readonly endpoint: string;
  readonly variant: string;
  readonly atMs: number;
  readonly invocation: Invocation;
  readonly answer: ModelAnswer;
}

interface PendingFile {
  readonly kmsKeyId?: string;
  readonly lines: string[];
}

export class DataCapture {
  readonly #buckets: Buckets;
  readonly #counts = new Map<string, number>();
  /** By the folder they are for. */
  readonly #pending = new Map<string, PendingFile>();
  #writing: Promise<void> | undefined;

  constructor(buckets: Buckets) {
    this.#buckets = buckets;
  }

  /** Takes a request in, when the configuration asks for it (C1, C4). */
  take(config: DataCaptureConfig | undefined, answered: Answered): void {
    if (config === undefined || config.EnableCapture === false) return;
    if (answered.answer.status >= 300 || !this.#isSampled(config, answered)) return;
    const folder = folderOf(config, answered);
    const file = this.#pending.get(folder) ?? { kmsKeyId: config.KmsKeyId, lines: [] };
    this.#pending.set(folder, file);
    file.lines.push(JSON.stringify(recordOf(config, answered)));
    this.#writing ??= this.#writeAll();
  }

  /** Settles when all that was taken is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  #isSampled({ InitialSamplingPercentage: share }: DataCaptureConfig, answered: Answered): boolean {
    const key = `${answered.endpoint}/${answered.variant}`;
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    return Math.floor(((count + 1) * share) / 100) > Math.floor((count * share) / 100);
  }

  /** C3 */
  async #writeAll(): Promise<void> {
    for (;;) {
      const [next] = this.#pending;
      if (next === undefined) break;
      const [folder, { lines, kmsKeyId }] = next;
      this.#pending.delete(folder);
      const content = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const uri = `${folder}/${randomUUID()}.jsonl`;
      await this.#buckets.write(uri, content, kmsKeyId).catch((error: Error) => {
        process.emitWarning(`Captured requests could not be written to ${uri}: ${error.message}`);
      });
    }
    this.#writing = undefined;
  }
}

function folderOf({ DestinationS3Uri }: DataCaptureConfig, answered: Answered): string {
  const hour = new Date(answered.atMs).toISOString().slice(0, 'yyyy-mm-ddThh'.length);
  const parts = [answered.endpoint, answered.variant, hour.replaceAll(/[-T]/g, '/')];
  return [DestinationS3Uri.replace(/\/+$/, ''), ...parts].join('/');
}

function recordOf(config: DataCaptureConfig, { atMs, invocation, answer }: Answered): object {
  const modes = config.CaptureOptions.map(({ CaptureMode }) => CaptureMode);
  const wants = (mode: 'Input' | 'Output'): boolean =>
    modes.includes(mode) || modes.includes('InputAndOutput');
  const { CaptureContentTypeHeader: types = {} } = config;
  return {
    captureData: {
      ...(wants('Input') && { endpointInput: { ...bodyOf(invocation, types), mode: 'INPUT' } }),
      ...(wants('Output') && { endpointOutput: { ...bodyOf(answer, types), mode: 'OUTPUT' } }),
    },
    eventMetadata: {
      eventId: randomUUID(),
      inferenceTime: new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    },
    eventVersion: '0',
  };
}

/** C2 */
function bodyOf(
  { contentType, body }: Pick<Invocation, 'contentType' | 'body'>,
  { CsvContentTypes = [], JsonContentTypes = [] }: ContentTypes,
): object {
  const [mediaType = ''] = contentType.split(';');
  const isOf = (types: readonly string[]): boolean => types.includes(mediaType.trim());
  const encoding = isOf(CsvContentTypes) ? 'CSV' : isOf(JsonContentTypes) ? 'JSON' : 'BASE64';
  const data = body.toString(encoding === 'BASE64' ? 'base64' : 'utf8');
  return { observedContentType: contentType, data, encoding };
}
