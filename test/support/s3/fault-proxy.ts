// Stands between a store and its server, and does what networks and servers do on bad days.
//
// F1. Conditional creates pass one at a time: S3 checks and writes in one step, moto in two, between which
//     another create gets through.

import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to one request. */
export type Fault =
  | 'pass'
  /** The server carries it out; its answer never arrives. */
  | 'lose-reply'
  /** The answer breaks off after so many bytes of its body. */
  | { readonly cutAfterBytes: number }
  /** The answer's body comes so slowly. */
  | { readonly bytesPerSecond: number }
  /** An answer in place of the server's. */
  | { readonly status: number; readonly code: string; readonly headers?: Record<string, string> };

export interface SeenRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface FaultProxy {
  readonly url: string;
  /** Requests so far, in order; those that the SDK tried again count again. */
  readonly seen: SeenRequest[];
  /** Decides about each request; the default lets all pass. */
  decide: (seen: SeenRequest) => Fault;
  close(): Promise<void>;
}

/** Starts a proxy on loopback before a server. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let creates = Promise.resolve();
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const seen = { method, url, headers };
    proxy.seen.push(seen);
    const fault = proxy.decide(seen);
    if (typeof fault === 'object' && 'status' in fault) return answer(incoming, outgoing, fault);
    const pass = (): Promise<void> => forward(target, incoming, outgoing, fault);
    if (headers['if-none-match'] === undefined) void pass();
    else creates = creates.then(pass); // F1
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    decide: () => 'pass',
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Exclude<Fault, { readonly status: number }>,
): Promise<void> {
  const { method, url, headers } = incoming;
  return new Promise((resolve) => {
    const onward = request(`${target}${url}`, { method, headers }, (reply) => {
      resolve();
      if (fault === 'lose-reply') {
        reply.resume().on('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      void send(reply, outgoing, fault).catch(() => outgoing.destroy());
    });
    onward.on('error', () => {
      outgoing.destroy();
      resolve();
    });
    incoming.on('close', () => incoming.complete || onward.destroy());
    incoming.pipe(onward);
  });
}

async function send(
  reply: IncomingMessage,
  outgoing: ServerResponse,
  fault: Exclude<Fault, 'lose-reply' | { readonly status: number }>,
): Promise<void> {
  let sent = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    if (fault === 'pass') outgoing.write(chunk);
    else if ('cutAfterBytes' in fault) {
      outgoing.write(chunk.subarray(0, Math.max(0, fault.cutAfterBytes - sent)));
      sent += chunk.length;
      if (sent >= fault.cutAfterBytes) {
        await sleep(20); // what was written must leave before the connection breaks
        outgoing.destroy();
        return;
      }
    } else await trickle(chunk, outgoing, fault.bytesPerSecond);
  }
  outgoing.end();
}

async function trickle(chunk: Buffer, outgoing: ServerResponse, bytesPerSecond: number) {
  for (const byte of chunk) {
    if (outgoing.destroyed) return;
    outgoing.write(Buffer.of(byte));
    await sleep(1000 / bytesPerSecond);
  }
}

function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, code, headers }: Extract<Fault, { readonly status: number }>,
): void {
  incoming.resume();
  outgoing.writeHead(status, { 'content-type': 'application/xml', ...headers });
  outgoing.end(
    incoming.method === 'HEAD'
      ? undefined
      : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>said ${code}</Message></Error>`,
  );
}
