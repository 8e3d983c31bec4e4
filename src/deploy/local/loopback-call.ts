import { request, type IncomingHttpHeaders } from 'node:http';

export interface LoopbackCall {
  readonly port: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface LoopbackAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Makes one HTTP call to a port on loopback, on a connection of its own, and reads all of the answer. */
export function callLoopback(call: LoopbackCall): Promise<LoopbackAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: call.port,
        method: call.method,
        path: call.path,
        agent: false,
        signal: call.signal,
        headers: call.contentType === undefined ? {} : { 'content-type': call.contentType },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
        });
      },
    );
    outgoing.setTimeout(call.timeoutMs, () => {
      outgoing.destroy(new Error(`no answer within ${call.timeoutMs} ms`));
    });
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });
}
