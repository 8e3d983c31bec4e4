import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCapture, type RequestCapture } from '../../../../src/deploy/local/request-capture.js';
import { until } from './local-fixture.js';

interface Captured {
  readonly captureData: { readonly endpointInput: { readonly data: string; encoding: string } };
}

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'anneal-capture-')), 'capture');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

async function request(
  capture: RequestCapture,
  body: string | Buffer,
  status = 200,
  type = 'text/csv',
): Promise<void> {
  const incoming = Object.assign(new PassThrough(), { headers: { 'content-type': type } });
  const keep = capture.follow(incoming as unknown as IncomingMessage);
  incoming.end(body);
  incoming.resume();
  await new Promise((resolve) => incoming.once('end', resolve));
  keep(status);
}

async function captured(): Promise<Captured['captureData']['endpointInput'][]> {
  const text = await readFile(join(folder, 'requests.jsonl'), 'utf8');
  const lines = text.trim().split('\n').filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as Captured).captureData.endpointInput);
}

describe('the capture of requests', () => {
  it('keeps a bounded sample of the requests that were answered (C1, C2, C3)', async () => {
    const chances = [0.1, 0.9, 0.2, 0.3];
    const capture = openCapture(folder, 0.5, () => chances.shift()!);

    await request(capture, 'kept');
    await request(capture, 'not chosen');
    await request(capture, 'refused', 400);
    await request(capture, 'x'.repeat(64 * 1024 + 1));
    capture.close();

    await until(async () => (await captured()).length > 0);
    expect((await captured()).map(({ data }) => data)).toEqual(['kept']);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'requests.jsonl'))).mode & 0o077).toBe(0);
  });

  it('names the encoding, and keeps what is no text as base64 (C4)', async () => {
    const capture = openCapture(folder, 1, () => 0);

    await request(capture, '1,2');
    await request(capture, '{"a":1}', 200, 'application/json');
    await request(capture, Buffer.from([0xff, 0xfe]));
    capture.close();

    await until(async () => (await captured()).length === 3);
    expect(await captured()).toMatchObject([
      { data: '1,2', encoding: 'CSV' },
      { data: '{"a":1}', encoding: 'JSON' },
      { data: '//4=', encoding: 'BASE64' },
    ]);
  });

  it('never takes more than two files, also after a restart (C1)', async () => {
    for (let life = 0; life < 3; life += 1) {
      const capture = openCapture(folder, 1, () => 0);
      for (let index = 0; index < 60; index += 1) await request(capture, 'y'.repeat(60_000));
      capture.close();
      await until(async () => (await stat(join(folder, 'requests.jsonl'))).size > 0);
    }

    const names = (await readdir(folder)).sort();
    const sizes = await Promise.all(
      names.map(async (name) => (await stat(join(folder, name))).size),
    );
    expect(names).toEqual(['requests.jsonl', 'requests.jsonl.1']);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5 * 2 ** 20);
  });
});
