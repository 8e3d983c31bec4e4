// The supervisor's side of the control socket; see control-protocol.ts for what is said.

import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { DeploymentView } from '../../contract/index.js';
import { isAnnealError } from '../../errors/index.js';
import type { Candidate, ControlLine, SupervisorStatus } from './control-protocol.js';

export interface ControlHandlers {
  /** False once the supervisor is stopping. */
  acceptsChanges(): boolean;
  status(): SupervisorStatus;
  promote(candidate: Candidate, progress: (state: string) => void): Promise<DeploymentView>;
  rollback(progress: (state: string) => void): Promise<DeploymentView>;
  /** Gives up a deployment that has not switched yet; settles when it has ended. */
  cancel(deploymentId: string): Promise<void>;
  /** Keeps a share of requests for monitoring; 0: none. */
  capture(share: number): Promise<void>;
  /** Ends everything but the control socket itself. */
  stop(): Promise<void>;
}

export interface ControlServer {
  close(): Promise<void>;
}

// A candidate is a few paths and digests.
const REQUEST_MAX_BYTES = 64 * 1024;

/** Listens on a unix socket, 0600, replacing what a dead supervisor left there. */
export async function openControlServer(
  socketPath: string,
  handlers: ControlHandlers,
): Promise<ControlServer> {
  await rm(socketPath, { force: true });
  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing, handlers).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handlers: ControlHandlers,
): Promise<void> {
  outgoing.on('error', () => undefined);
  outgoing.setHeader('connection', 'close');
  const command = `${incoming.method} ${incoming.url}`;
  if (command === 'GET /status') return void outgoing.end(JSON.stringify(handlers.status()));
  if (!handlers.acceptsChanges() && command !== 'POST /stop') {
    outgoing.statusCode = 503;
    return void outgoing.end();
  }
  const body = await readJson(incoming);
  const write = (line: ControlLine): void => void outgoing.write(`${JSON.stringify(line)}\n`);
  const progress = (state: string): void => write({ progress: state });
  outgoing.flushHeaders();
  if (command === 'POST /promote') {
    write(await asLine(handlers.promote(body as Candidate, progress)));
  } else if (command === 'POST /rollback') {
    write(await asLine(handlers.rollback(progress)));
  } else if (command === 'POST /cancel') {
    await handlers.cancel((body as { deploymentId: string }).deploymentId);
  } else if (command === 'POST /capture') {
    await handlers.capture((body as { share: number }).share);
  } else if (command === 'POST /stop') {
    await handlers.stop();
  }
  outgoing.end();
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > REQUEST_MAX_BYTES) throw new Error('the control request is too large');
    chunks.push(chunk);
  }
  return sizeBytes === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

async function asLine(view: Promise<DeploymentView>): Promise<ControlLine> {
  try {
    return { view: await view };
  } catch (error) {
    if (isAnnealError(error)) {
      const { code, message, hint, retryable } = error;
      return { error: { code, message, hint, retryable } };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code: 'E_DEPLOY', message, retryable: true } };
  }
}
