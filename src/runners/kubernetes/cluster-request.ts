// Requests to the API server.
//
// Q1. Every request ends: an answer must begin within a limit, and a stream that falls silent is the caller's to end.
// Q2. Credentials are asked for at each request: tokens and certificates are renewed under a running worker.

import { request as overHttp, type IncomingMessage } from 'node:http';
import { Agent, request as overHttps, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

const ANSWER_MS = 30_000;
/** Answers of one object or list; far above what a namespace's Jobs of one execution are. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface ClusterCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** An answer of the API server that is no success. */
export class ClusterAnswer extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly reason: string | undefined,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(message);
  }
}

export class ClusterConnection {
  readonly server: string;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(private readonly config: KubeConfig) {
    this.server = config.getCurrentCluster()?.server.replace(/\/+$/, '') ?? '';
  }

  /** @throws ClusterAnswer; what the network throws */
  async json<Result>(call: ClusterCall): Promise<Result> {
    const answer = await this.open(call);
    return JSON.parse(await textOf(answer)) as Result;
  }

  /** Opens a stream: a watch or a log. @throws as `json` */
  async open(call: ClusterCall): Promise<IncomingMessage> {
    const answer = await this.send(call);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    throw failureOf(status, await textOf(answer), answer.headers['retry-after']);
  }

  close(): void {
    this.agent.destroy();
  }

  private async send({ method, path, query, body, signal }: ClusterCall): Promise<IncomingMessage> {
    const url = new URL(this.server + path);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const options: RequestOptions = { method, headers: headersOf(text), signal };
    await this.config.applyToHTTPSOptions(options); // Q2
    const hasProxy = this.config.getCurrentCluster()?.proxyUrl !== undefined;
    return new Promise((resolve, reject) => {
      const isPlain = url.protocol === 'http:';
      const agent = isPlain ? undefined : hasProxy ? options.agent : this.agent;
      const request = (isPlain ? overHttp : overHttps)(url, { ...options, agent });
      const timer = setTimeout(() => request.destroy(silent()), ANSWER_MS);
      request.once('response', (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      request.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      request.end(text);
    });
  }
}

/** Reads an answer whole. */
export async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the answer is too long');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(body: string | undefined): Record<string, string> {
  const headers = { Accept: 'application/json', 'User-Agent': 'anneal' };
  if (body === undefined) return headers;
  // Node sends a DELETE's body without saying how long it is.
  const length = String(Buffer.byteLength(body));
  return { ...headers, 'Content-Type': 'application/json', 'Content-Length': length };
}

function failureOf(status: number, text: string, retryAfter: string | undefined): ClusterAnswer {
  const seconds = retryAfter === undefined ? undefined : Number(retryAfter);
  try {
    const { message, reason } = JSON.parse(text) as { message?: string; reason?: string };
    return new ClusterAnswer(status, message ?? text, reason, seconds);
  } catch {
    return new ClusterAnswer(status, text.trim().slice(0, 300), undefined, seconds);
  }
}

function silent(): Error {
  return Object.assign(new Error('it does not answer'), { code: 'ETIMEDOUT' });
}
