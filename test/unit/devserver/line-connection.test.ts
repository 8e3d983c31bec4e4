import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { LineConnection } from '../../../src/devserver/service/line-connection.js';

const schema = z.object({ word: z.string() });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anneal-lines-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Both ends of a connection over a unix socket. */
async function pair(): Promise<{ near: Socket; far: Socket; close: () => void }> {
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  const near = connect(join(folder, 'socket'));
  const [far] = (await once(server, 'connection')) as [Socket];
  return { near, far, close: () => server.close() };
}

test('messages arrive in order, and a line that does not fit ends the connection', async () => {
  const { near, far, close } = await pair();
  const words: string[] = [];
  const ended = new Promise<void>((resolve) => {
    new LineConnection(near, schema, ({ word }) => words.push(word), resolve);
  });

  far.write('{"word":"a"}\n{"word":"b"}\nnonsense\n');

  await ended;
  expect(words).toEqual(['a', 'b']);
  close();
});

test('a connection that is reset ends like any other, without an unhandled error', async () => {
  const { near, close } = await pair();
  const ended = new Promise<void>((resolve) => {
    new LineConnection(near, schema, () => undefined, resolve);
  });

  near.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));

  await ended;
  expect(near.destroyed).toBe(true);
  close();
});
