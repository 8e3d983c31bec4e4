// The embedded Temporal server: how it is started, when it counts as ready, and what its failures mean.

import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { configErrors } from '../../errors/index.js';
import { checkDatabase } from './check-database.js';
import { isPortFree } from './free-ports.js';
import type { ManagedProcessSpec } from './managed-process.js';

export const EMBEDDED_NAMESPACE = 'default';

/** Loopback ports of the server; all are named, so that none is chosen behind our back. */
export interface ServerPorts {
  readonly grpc: number;
  readonly ui: number;
  readonly http: number;
  readonly metrics: number;
}

// src/contract's search attributes; stated again, since this room may not import the contract.
const SEARCH_ATTRIBUTES = ['AnnealPipeline', 'AnnealVersion', 'AnnealOutcome'];
const POLL_MS = 15;

export interface TemporalServerRequest {
  readonly temporalCli: string;
  readonly database: string;
  readonly logFile: string;
  readonly cwd: string;
  /** Asked before every start. */
  readonly choosePorts: () => Promise<ServerPorts>;
  /** Told each time that the server answers; the connection is the receiver's to close. */
  readonly onReady: (connection: Connection, hasUi: boolean) => void;
}

/**
 * Describes the server's process.
 * Every acknowledged write is in the database, so it is ended by SIGKILL: its own drain, made for clusters, takes 1.2 s.
 */
export function temporalServer(request: TemporalServerRequest): ManagedProcessSpec {
  let ports: ServerPorts;
  return {
    logFile: request.logFile,
    watches: 'nothing',
    stop: { signal: 'SIGKILL', graceMs: 0 },
    plan: async () => {
      checkDatabase(request.database);
      ports = await request.choosePorts();
      const args = serverArguments(request.database, ports);
      return { program: request.temporalCli, args, env: serverEnvironment(), cwd: request.cwd };
    },
    waitReady: async (_child, signal) => {
      const connection = await connectWhenReady(`127.0.0.1:${ports.grpc}`, signal);
      request.onReady(connection, !(await isPortFree(ports.ui)));
    },
    explainExit: (logTail) => explainServerExit(logTail, request),
  };
}

function serverArguments(database: string, ports: ServerPorts): string[] {
  return [
    ...['server', 'start-dev', '--db-filename', database, '--ip', '127.0.0.1'],
    ...['--port', String(ports.grpc), '--ui-port', String(ports.ui)],
    ...['--http-port', String(ports.http), '--metrics-port', String(ports.metrics)],
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
}

/** The CLI reads TEMPORAL_ variables as flags: none of the user's may reach the embedded server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return Object.fromEntries(entries);
}

/** Ready means: search attributes are registered, the last thing the CLI does before it serves. */
async function connectWhenReady(address: string, signal: AbortSignal): Promise<Connection> {
  // Loading the client takes as long as the server takes to start: they do it side by side.
  const { Connection } = await import('@temporalio/client');
  const port = Number(address.split(':')[1]);
  // A first connection that is refused would make gRPC wait a whole second before the next.
  while (await isPortFree(port)) await delay(POLL_MS, undefined, { signal });
  for (;;) {
    const connection = await Connection.connect({ address, connectTimeout: '5s' });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: EMBEDDED_NAMESPACE,
    });
    if (SEARCH_ATTRIBUTES.every((name) => name in customAttributes)) return connection;
    await connection.close();
    await delay(POLL_MS, undefined, { signal });
  }
}

function explainServerExit(
  logTail: string,
  { database, logFile, temporalCli }: TemporalServerRequest,
): ReturnType<ManagedProcessSpec['explainExit']> {
  // SQLite's own words for SQLITE_CORRUPT (11) and SQLITE_NOTADB (26), and a file without the server's tables.
  const damage = /malformed|file is not a database|no such table/.exec(logTail);
  if (damage !== null) {
    const reason = `the server says "${damage[0]}"`;
    return { error: configErrors.databaseDamaged(database, reason), isFinal: true };
  }
  const error = configErrors.serviceProcessFailed('Temporal server', temporalCli, logTail, logFile);
  return { error, isFinal: false };
}
