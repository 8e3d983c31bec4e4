// Data capture of the fake: records, layout, sampling; and the listing of its objects.

import { describe, expect, it, vi } from 'vitest';
import {
  DataCapture,
  Objects,
  type Buckets,
  type DataCaptureConfig,
} from '../../../src/devserver/fake-sagemaker/index.js';

const CONFIG: DataCaptureConfig = {
  InitialSamplingPercentage: 100,
  DestinationS3Uri: 's3://bucket/captured/',
  CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
  CaptureContentTypeHeader: {
    CsvContentTypes: ['text/csv'],
    JsonContentTypes: ['application/json'],
  },
};

interface CapturedRecord {
  readonly captureData: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly eventMetadata: Readonly<Record<string, string>>;
  readonly eventVersion: string;
}

class MemoryBuckets implements Buckets {
  readonly files = new Map<string, string>();
  readonly keys: (string | undefined)[] = [];

  read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  write(uri: string, content: Buffer, kmsKeyId?: string): Promise<void> {
    this.files.set(uri, content.toString());
    this.keys.push(kmsKeyId);
    return Promise.resolve();
  }

  get records(): CapturedRecord[] {
    const lines = [...this.files.values()].flatMap((file) => file.trim().split('\n'));
    return lines.map((line) => JSON.parse(line) as CapturedRecord);
  }
}

interface Asked {
  readonly contentType?: string;
  readonly body?: string | Buffer;
  readonly status?: number;
  readonly variant?: string;
  readonly time?: string;
}

async function captured(config: DataCaptureConfig, asked: readonly Asked[]) {
  const buckets = new MemoryBuckets();
  const capture = new DataCapture(buckets);
  for (const { contentType = 'text/csv', body = 'KS,128', status = 200, ...rest } of asked) {
    const { variant = 'AllTraffic', time = '2026-01-31T06:59:59.700Z' } = rest;
    const answer = Buffer.from('{"predictions":["no"]}');
    capture.take(config, {
      ...{ endpoint: 'churn', variant, atMs: Date.parse(time) },
      invocation: { contentType, body: Buffer.from(body as string) },
      answer: { status, contentType: 'application/json', body: answer, latencyMs: 1 },
    });
  }
  await capture.close();
  return buckets;
}

describe('captured requests', () => {
  it('are records of SageMaker, under endpoint, variant and hour', async () => {
    const { files, records } = await captured(CONFIG, [{}]);

    const layout = /^s3:\/\/bucket\/captured\/churn\/AllTraffic\/2026\/01\/31\/06\/[\w-]+\.jsonl$/;
    expect([...files.keys()]).toEqual([expect.stringMatching(layout)]);
    expect(records).toEqual([
      {
        captureData: {
          endpointInput: {
            observedContentType: 'text/csv',
            mode: 'INPUT',
            data: 'KS,128',
            encoding: 'CSV',
          },
          endpointOutput: {
            observedContentType: 'application/json',
            mode: 'OUTPUT',
            data: '{"predictions":["no"]}',
            encoding: 'JSON',
          },
        },
        eventMetadata: {
          eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          inferenceTime: '2026-01-31T06:59:59Z',
        },
        eventVersion: '0',
      },
    ]);
  });

  it('of other content types are in base64', async () => {
    const bytes = Buffer.from([0, 255, 10]);
    const { records } = await captured(CONFIG, [
      { contentType: 'text/csv; charset=utf-8' },
      { contentType: 'application/x-npy', body: bytes },
    ]);

    const inputs = records.map(({ captureData }) => captureData['endpointInput']!);
    expect(inputs.map(({ encoding }) => encoding)).toEqual(['CSV', 'BASE64']);
    expect(Buffer.from(inputs[1]!['data']!, 'base64').equals(bytes)).toBe(true);
  });

  it.each([
    ['Input', ['endpointInput']],
    ['Output', ['endpointOutput']],
    ['InputAndOutput', ['endpointInput', 'endpointOutput']],
  ] as const)('of mode %s hold %s', async (CaptureMode, parts) => {
    const { records } = await captured({ ...CONFIG, CaptureOptions: [{ CaptureMode }] }, [{}]);

    expect(Object.keys(records[0]!.captureData)).toEqual(parts);
  });

  it.each([
    [0, 0],
    [1, 2],
    [30, 60],
    [100, 200],
  ])('at %i percent are %i of 200 (C1)', async (InitialSamplingPercentage, count) => {
    const asked = Array.from({ length: 200 }, () => ({}));

    const { records, files } = await captured({ ...CONFIG, InitialSamplingPercentage }, asked);

    expect(files.size === 0 ? 0 : records.length).toBe(count);
  });

  it('are none where capture is turned off, nor of requests that failed (C4)', async () => {
    const off = await captured({ ...CONFIG, EnableCapture: false }, [{}]);
    const failed = await captured(CONFIG, [{ status: 500 }]);

    expect(off.files.size + failed.files.size).toBe(0);
  });

  it('of one hour and variant share a file when they come while another is written (C3)', async () => {
    const asked = [{}, {}, {}, { variant: 'Candidate' }, { time: '2026-01-31T07:00:00Z' }];

    const { files, keys } = await captured({ ...CONFIG, KmsKeyId: 'alias/captures' }, asked);

    const lines = [...files].map(([uri, text]) => [
      uri.slice('s3://bucket/captured/churn/'.length, uri.lastIndexOf('/')),
      text.trim().split('\n').length,
    ]);
    expect(lines).toEqual([
      ['AllTraffic/2026/01/31/06', 1],
      ['AllTraffic/2026/01/31/06', 2],
      ['Candidate/2026/01/31/06', 1],
      ['AllTraffic/2026/01/31/07', 1],
    ]);
    expect(new Set(keys)).toEqual(new Set(['alias/captures']));
  });

  it('that cannot be written are said, and hold nothing up', async () => {
    const said = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const refusing: Buckets = {
      read: () => Promise.resolve(undefined),
      write: () => Promise.reject(new Error('NoSuchBucket')),
    };
    const capture = new DataCapture(refusing);

    capture.take(CONFIG, {
      ...{ endpoint: 'churn', variant: 'AllTraffic', atMs: 0 },
      invocation: { contentType: 'text/csv', body: Buffer.from('1') },
      answer: { status: 200, contentType: 'text/csv', body: Buffer.from('1'), latencyMs: 1 },
    });
    await capture.close();

    expect(said).toHaveBeenCalledWith(expect.stringContaining('NoSuchBucket'));
    said.mockRestore();
  });
});

describe('a listing of the fake', () => {
  const list = async (keys: readonly string[], query: string): Promise<string> => {
    const objects = new Objects();
    for (const key of keys) await objects.write(`s3://bucket/${key}`, Buffer.from(key));
    await objects.write('s3://bucket-2/other', Buffer.from('x'));
    const url = `/bucket?list-type=2&${query}`;
    return String(objects.answer({ method: 'GET', url, headers: {}, body: Buffer.from('') }).body);
  };
  const found = (xml: string, tag: string): string[] =>
    [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text!);

  it('has the keys of a prefix, from a key on', async () => {
    const xml = await list(['a/2', 'a/1', 'b/1', 'a/3'], 'prefix=a/&start-after=a/1');

    expect(found(xml, 'Key')).toEqual(['a/2', 'a/3']);
    expect(found(xml, 'IsTruncated')).toEqual(['false']);
  });

  it('has folders where a delimiter asks for them', async () => {
    const xml = await list(['a/x/1', 'a/x/2', 'a/y/1', 'a/1'], 'prefix=a/&delimiter=/');

    expect(found(xml, 'Prefix')).toEqual(['a/x/', 'a/y/']);
    expect(found(xml, 'Key')).toEqual(['a/1']);
  });

  it('goes on where a page ended', async () => {
    const keys = ['a b', 'c&d', 'e'];
    const first = await list(keys, 'max-keys=2&encoding-type=url');
    const [token] = found(first, 'NextContinuationToken');
    const rest = await list(
      keys,
      `max-keys=2&continuation-token=${token!.replace('&amp;', '%26')}`,
    );

    expect(found(first, 'Key')).toEqual(['a%20b', 'c%26d']);
    expect(found(first, 'IsTruncated')).toEqual(['true']);
    expect(found(rest, 'Key')).toEqual(['e']);
  });
});
