// A real Temporal dev server for one test file.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { freePort } from './free-port.js';

/** The Temporal CLI beside the test environment's Python; empty when there is none. */
export const TEMPORAL_CLI = findCli();

const READY_MS = 30_000;

export interface TemporalServer {
  readonly address: string;
  /** Ends the server as a crash would: SIGKILL. */
  kill(): Promise<void>;
}

/**
 * Starts a server; with the same port and database file it continues where a killed one stopped.
 * @param dynamicConfig  settings of the server, `key=value` each
 */
export async function startTemporal(
  database: string,
  port?: number,
  dynamicConfig: readonly string[] = [],
): Promise<TemporalServer & { readonly port: number }> {
  const [chosen, http] = [port ?? (await freePort()), await freePort()];
  const child = spawn(
    TEMPORAL_CLI,
    [
      ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--log-level', 'error'],
      ...['--port', String(chosen), '--http-port', String(http), '--db-filename', database],
      ...dynamicConfig.flatMap((setting) => ['--dynamic-config-value', setting]),
    ],
    { stdio: 'ignore' },
  );
  const address = `127.0.0.1:${chosen}`;
  await untilReady(address, child);
  return { address, port: chosen, kill: () => end(child) };
}

async function untilReady(address: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1000 });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return await connection.close();
    } catch (error) {
      if (Date.now() > deadline || child.exitCode !== null) throw error;
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function findCli(): string {
  const python = process.env['ANNEAL_TEST_PYTHON'] ?? '';
  const cli = path.join(path.dirname(python), 'temporal');
  return python !== '' && existsSync(cli) ? cli : '';
}
