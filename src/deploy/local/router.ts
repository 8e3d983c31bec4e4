// The endpoint's one public port: passes requests on to the variants that serve.
//
// R1. A request belongs to the variant that was chosen when it arrived, until it is answered.
// R2. A variant is drained once no request belongs to it; only then may it be stopped.
// R3. Loopback only, and only for callers that name it as such (Host, Origin): a web page that
//     points its own name at 127.0.0.1 is refused.
// R4. Every passed-on answer says which model gave it: x-anneal-model-digest.
// R5. Each prediction is given to a variant by chance, as the shares say; all else goes to the one with most.

import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';
import { chooseShare, mainShare, type TrafficShare, type Upstream } from './choose-share.js';
import { withoutHopHeaders } from './hop-headers.js';
import type { RequestCapture } from './request-capture.js';
import { statsOf } from './router-stats.js';
import type { RequestEnd } from './traffic-counter.js';

export const MODEL_DIGEST_HEADER = 'x-anneal-model-digest';

export interface Router {
  readonly port: number;
  /** Gives new requests to these variants, by their shares; without any it answers 503. */
  route(shares: readonly TrafficShare[]): void;
  /** Has predictions read along from now on; undefined: no more. */
  capture(capture: RequestCapture | undefined): void;
  /** Waits until no request belongs to `upstream` (R2); false when some still do at the deadline. */
  drained(upstream: Upstream, deadlineMs: number): Promise<boolean>;
  close(): Promise<void>;
}

// SageMaker's container contract, and what the serving program tells about itself beside it.
const PREDICTIONS = '/invocations';
const STATS = '/stats';
const ROUTES: ReadonlyMap<string, string> = new Map([
  ['/ping', 'GET'],
  [PREDICTIONS, 'POST'],
  ['/schema', 'GET'],
  [STATS, 'GET'],
]);

/**
 * Opens the router on a loopback port; rejects with EADDRINUSE when it is taken.
 *
 * @param random numbers from 0 to 1, 1 excluded: which variant gets a prediction (R5)
 */
export async function openRouter(
  port: number,
  random: () => number = Math.random,
): Promise<Router> {
  let shares: readonly TrafficShare[] = [];
  let capture: RequestCapture | undefined;
  const inFlight = new InFlight();
  const server = createServer((incoming, outgoing) => {
    const refusal = refusalOf(incoming, port);
    if (refusal !== undefined) return answer(outgoing, refusal.status, refusal.message);
    const path = pathOf(incoming);
    const share = path === PREDICTIONS ? chooseShare(shares, random()) : mainShare(shares);
    if (share === undefined) {
      outgoing.setHeader('retry-after', '1');
      return answer(outgoing, 503, 'no model is serving at the moment');
    }
    inFlight.track(share.upstream, outgoing);
    if (path === STATS) return void answerStats(share, shares, outgoing);
    if (path !== PREDICTIONS) return void passOn(share.upstream, incoming, outgoing);
    const [count, keep] = [countedBy(share), capture?.follow(incoming)];
    void passOn(share.upstream, incoming, outgoing, (end) => {
      count(end);
      if (typeof end === 'number') keep?.(end);
    });
  });
  await listen(server, port);
  return {
    port,
    route: (wanted) => {
      shares = wanted;
    },
    capture: (wanted) => {
      capture = wanted;
    },
    drained: (upstream, deadlineMs) => inFlight.drained(upstream, deadlineMs),
    close: () => close(server),
  };
}

/** Counts the requests that belong to each upstream (R1). */
class InFlight {
  readonly #counts = new Map<Upstream, number>();
  readonly #idle = new Map<Upstream, () => void>();

  track(upstream: Upstream, outgoing: ServerResponse): void {
    this.#counts.set(upstream, (this.#counts.get(upstream) ?? 0) + 1);
    outgoing.once('close', () => {
      const left = this.#counts.get(upstream)! - 1;
      if (left > 0) return void this.#counts.set(upstream, left);
      this.#counts.delete(upstream);
      this.#idle.get(upstream)?.();
    });
  }

  drained(upstream: Upstream, deadlineMs: number): Promise<boolean> {
    if (!this.#counts.has(upstream)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(false), deadlineMs);
      const settle = (isDrained: boolean): void => {
        clearTimeout(timer);
        this.#idle.delete(upstream);
        resolve(isDrained);
      };
      this.#idle.set(upstream, () => settle(true));
    });
  }
}

function refusalOf(
  incoming: IncomingMessage,
  port: number,
): { readonly status: number; readonly message: string } | undefined {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes(incoming.headers.host ?? '')) {
    return { status: 403, message: `the Host header must be one of ${own.join(', ')}` };
  }
  const { origin } = incoming.headers;
  if (origin !== undefined && !own.some((host) => origin === `http://${host}`)) {
    return { status: 403, message: 'requests of other web pages are refused' };
  }
  const method = ROUTES.get(pathOf(incoming));
  if (method === undefined)
    return { status: 404, message: 'use POST /invocations, or GET /ping, /schema, /stats' };
  if (method !== incoming.method) return { status: 405, message: `use ${method} here` };
  return undefined;
}

function pathOf(incoming: IncomingMessage): string {
  return incoming.url?.split('?')[0] ?? '';
}

/** Counts one request, whatever ends it first. */
function countedBy({ counter }: TrafficShare): (end: RequestEnd) => void {
  const arrivedAt = performance.now();
  let isCounted = false;
  return (end) => {
    if (!isCounted) counter.add(end, performance.now() - arrivedAt);
    isCounted = true;
  };
}

/** What the main model says about itself, and beside it what each variant answered here. */
async function answerStats(
  main: TrafficShare,
  shares: readonly TrafficShare[],
  outgoing: ServerResponse,
): Promise<void> {
  const stats = await statsOf(main, shares);
  outgoing.writeHead(200, {
    'content-type': 'application/json',
    [MODEL_DIGEST_HEADER]: main.upstream.modelDigest,
  });
  outgoing.end(`${JSON.stringify(stats)}\n`);
}

async function passOn(
  upstream: Upstream,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  count: (end: RequestEnd) => void = () => undefined,
): Promise<void> {
  const gone = new AbortController();
  let response: IncomingMessage | undefined;
  outgoing.once('close', () => {
    // Also closed when the answer breaks off: that is the variant's fault, counted below.
    if (!outgoing.writableFinished && !response?.errored) count('abandoned');
    gone.abort();
  });
  const onward = request({
    host: '127.0.0.1',
    port: upstream.port,
    method: incoming.method,
    path: incoming.url,
    headers: { ...withoutHopHeaders(incoming.headers), host: `127.0.0.1:${upstream.port}` },
    // A connection per request: an idle one could be closed by the model just as it is used again.
    agent: false,
    signal: gone.signal,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    onward.once('response', resolve);
    onward.on('error', reject);
  });
  incoming.pipe(onward);
  try {
    response = await answered;
    outgoing.writeHead(response.statusCode ?? 502, {
      ...withoutHopHeaders(response.headers),
      [MODEL_DIGEST_HEADER]: upstream.modelDigest,
    });
    await pipeline(response, outgoing);
    count(response.statusCode ?? 502);
  } catch {
    count('none');
    if (outgoing.headersSent) outgoing.destroy();
    else answer(outgoing, 502, 'the model stopped while it answered; try again');
  }
}

function answer(outgoing: ServerResponse, status: number, message: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  outgoing.end(`${JSON.stringify({ error: { message } })}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
