// A deployer's side of the control socket; see control-protocol.ts for what is said.

import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DeploymentView } from '../../contract/index.js';
import { AnnealError } from '../../errors/index.js';
import type { ControlCommand, ControlLine, SupervisorStatus } from './control-protocol.js';
import { CONTROL_SOCKET, type EndpointFolder } from './endpoint-folder.js';

// sun_path holds 104 bytes on macOS and 108 on Linux, with the closing NUL.
const SOCKET_PATH_MAX_BYTES = 103;
const STATUS_TIMEOUT_MS = 5_000;

/** Asks a supervisor how its endpoint is; undefined when none answers. */
export async function askStatus(folder: EndpointFolder): Promise<SupervisorStatus | undefined> {
  const lines: string[] = [];
  const isComplete = await exchange(folder, {
    method: 'GET',
    path: '/status',
    timeoutMs: STATUS_TIMEOUT_MS,
    onLine: (line) => lines.push(line),
  });
  return isComplete && lines.length > 0
    ? (JSON.parse(lines.join('')) as SupervisorStatus)
    : undefined;
}

/**
 * Has a supervisor carry out one command, however long it takes. Aborting the signal ends the wait, not the command.
 *
 * @returns what the command said last; undefined when the supervisor is gone, with the work undone or done
 * @throws the AnnealError that the supervisor reported
 */
export async function sendCommand(
  folder: EndpointFolder,
  command: ControlCommand,
  body?: unknown,
  { progress = () => undefined, signal }: Listening = {},
): Promise<DeploymentView | 'done' | undefined> {
  let outcome: DeploymentView | AnnealError | 'done' = 'done';
  const isComplete = await exchange(folder, {
    method: 'POST',
    path: `/${command}`,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
    onLine: (text) => {
      const line = JSON.parse(text) as ControlLine;
      if ('progress' in line) progress(line.progress);
      else outcome = 'view' in line ? line.view : new AnnealError(line.error.message, line.error);
    },
  });
  const ended = outcome as DeploymentView | AnnealError | 'done';
  if (ended instanceof AnnealError) throw ended;
  return isComplete ? ended : undefined;
}

/** How the one who gave a command follows it. */
export interface Listening {
  readonly progress?: (state: string) => void;
  readonly signal?: AbortSignal;
}

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** One request on the socket; false when nobody listens, or the connection broke. */
async function exchange(folder: EndpointFolder, exchanged: Exchange): Promise<boolean> {
  const address = await shortAddress(folder);
  try {
    return await talk(address.socketPath, exchanged);
  } finally {
    await address.dispose();
  }
}

function talk(
  socketPath: string,
  { method, path, body, timeoutMs, signal, onLine }: Exchange,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, agent: false, signal }, (incoming) => {
      const lines = createInterface({ input: incoming });
      lines.on('line', (line) => {
        try {
          onLine(line);
        } catch (error) {
          reject(new Error(`the supervisor said something unknown: ${line}`, { cause: error }));
        }
      });
      incoming.on('error', () => resolve(false));
      lines.on('error', () => resolve(false));
      lines.on('close', () => resolve(incoming.complete && incoming.statusCode === 200));
    });
    outgoing.on('error', () => resolve(false));
    if (timeoutMs !== undefined) outgoing.setTimeout(timeoutMs, () => outgoing.destroy());
    outgoing.end(body);
  });
}

/** The socket's path, through a private link when it is too long for a socket address. */
async function shortAddress(
  folder: EndpointFolder,
): Promise<{ readonly socketPath: string; dispose(): Promise<void> }> {
  if (Buffer.byteLength(folder.socket) <= SOCKET_PATH_MAX_BYTES) {
    return { socketPath: folder.socket, dispose: () => Promise.resolve() };
  }
  const temporary = await mkdtemp(join(tmpdir(), 'anneal-'));
  await symlink(folder.root, join(temporary, 'e'));
  return {
    socketPath: join(temporary, 'e', CONTROL_SOCKET),
    dispose: () => rm(temporary, { recursive: true, force: true }),
  };
}
