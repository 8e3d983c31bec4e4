import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../../src/deploy/local/free-port.js';
import { openRouter, type Router } from '../../../../src/deploy/local/router.js';
import { TrafficCounter } from '../../../../src/deploy/local/traffic-counter.js';

let router: Router;
let model: Server;
let received: IncomingHttpHeaders[];

beforeEach(async () => {
  received = [];
  model = createServer((incoming, outgoing) => {
    received.push(incoming.headers);
    incoming.pipe(outgoing.setHeader('x-from', 'model'));
  });
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
  router = await openRouter(await findFreePort());
  route((model.address() as AddressInfo).port, 'sha256:m');
});
afterEach(async () => {
  await router.close();
  model.close();
});

function route(port: number, modelDigest: string): void {
  router.route([{ upstream: { port, modelDigest }, percent: 100, counter: new TrafficCounter() }]);
}

function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: router.port, method, path, headers }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode!, headers: incoming.headers, body: text }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}

describe('the router', () => {
  it('passes body, status and headers on, and adds the digest of the model (R4)', async () => {
    const answer = await send('POST', '/invocations', { 'content-type': 'text/csv' }, 'a,b\n1,2');

    expect(answer).toMatchObject({ status: 200, body: 'a,b\n1,2' });
    expect(answer.headers).toMatchObject({
      'x-from': 'model',
      'x-anneal-model-digest': 'sha256:m',
    });
    expect(received[0]).toMatchObject({ 'content-type': 'text/csv', 'content-length': '7' });
  });

  it('does not pass on headers that concern only its own connections', async () => {
    await send('POST', '/invocations', { connection: 'x-private', 'x-private': '1', te: 'gzip' });

    expect(received[0]).not.toHaveProperty('x-private');
    expect(received[0]).not.toHaveProperty('te');
  });

  it.each(['evil.example', '127.0.0.1', 'localhost:1', '169.254.169.254'])(
    'refuses a caller that names it %s (R3)',
    async (host) => {
      const answer = await send('GET', '/ping', { host });

      expect(answer.status).toBe(403);
      expect(received).toEqual([]);
    },
  );

  it('refuses requests that a web page of another origin makes (R3)', async () => {
    const answer = await send('POST', '/invocations', { origin: 'http://evil.example' });

    expect(answer.status).toBe(403);
    expect(received).toEqual([]);
  });

  it('accepts localhost as its name', async () => {
    const answer = await send('GET', '/ping', { host: `localhost:${router.port}` });

    expect(answer.status).toBe(200);
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '/../ping', 404],
    ['GET', '/invocations', 405],
    ['POST', '/ping', 405],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await send(method, path)).status).toBe(status);
    expect(received).toEqual([]);
  });

  it('answers 503 while nothing is routed', async () => {
    router.route([]);

    expect((await send('GET', '/ping')).status).toBe(503);
  });

  it('answers 502 when the model cannot be reached', async () => {
    route(await findFreePort(), 'sha256:gone');

    expect((await send('GET', '/ping')).status).toBe(502);
  });

  it('listens on loopback only', async () => {
    await expect(openRouter(router.port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      address: '127.0.0.1',
    });
  });
});
