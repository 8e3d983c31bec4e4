// A real MLflow tracking server, from its hashed lock; built once for each lock.

import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { TEST_PYTHON } from './anneal-cli.js';
import { freePort } from './free-port.js';
import { waitUntil } from './wait-until.js';

const PROJECT = path.join(import.meta.dirname, '../..');
const LOCK = path.join(PROJECT, 'python-tasks/locks/mlflow.txt');
/** Its imports alone take a minute on a busy machine. */
const START_LIMIT_MS = 240_000;

/** uv, which installs MLflow in seconds; undefined when tests run without it. */
export const TEST_UV = process.env['ANNEAL_TEST_UV'];

export interface MlflowServer {
  readonly url: string;
  /** Asks the server as any client would. @param query  below `/api/2.0/mlflow/` */
  get<Answer>(query: string): Promise<Answer>;
  post<Answer>(path: string, body: object): Promise<Answer>;
  /** Bytes of a file of a run. */
  download(runId: string, file: string): Promise<Buffer>;
  close(): void;
}

/** Starts a server on loopback with a database and artifacts of its own. */
export async function startMlflow(): Promise<MlflowServer> {
  const python = await mlflowPython();
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-mlflow-'));
  const port = await freePort();
  const words = [
    ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
    ...['--backend-store-uri', `sqlite:///${path.join(folder, 'mlflow.db')}`],
    ...['--serve-artifacts', '--artifacts-destination', path.join(folder, 'artifacts')],
  ];
  const server = spawn(python, words, {
    detached: true, // a group of its own: its workers end with it
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${path.dirname(python)}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      DO_NOT_TRACK: 'true',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const close = (): void => {
    end(server);
    rmSync(folder, { recursive: true, force: true });
  };
  await answers(server, url).catch((error: unknown) => {
    close();
    throw error;
  });
  return { url, close, ...asker(url) };
}

async function answers(server: ChildProcess, url: string): Promise<void> {
  let said = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4000)));
  }
  const isUp = (): Promise<boolean> => {
    if (server.exitCode !== null) throw new Error(`MLflow ended (${server.exitCode}): ${said}`);
    return fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await waitUntil('MLflow answers', isUp, START_LIMIT_MS);
}

function asker(url: string): Pick<MlflowServer, 'get' | 'post' | 'download'> {
  const api = `${url}/api/2.0/mlflow`;
  const parsed = async (response: Response): Promise<unknown> => {
    const body = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${body}`);
    return JSON.parse(body);
  };
  return {
    get: async <Answer>(query: string) => (await parsed(await fetch(`${api}/${query}`))) as Answer,
    post: async <Answer>(name: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await parsed(await fetch(`${api}/${name}`, init))) as Answer;
    },
    download: async (runId, file) => {
      const query = new URLSearchParams({ run_uuid: runId, path: file }).toString();
      const response = await fetch(`${url}/get-artifact?${query}`);
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

function end({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}

/** Builds the environment, or finds it built. */
async function mlflowPython(): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(LOCK)).digest('hex').slice(0, 12);
  const folder = path.join(PROJECT, '.anneal/cache', `mlflow-${digest}`);
  const python = path.join(folder, 'bin/python');
  const done = path.join(folder, 'built');
  if (existsSync(done)) return python;
  await execa(TEST_UV!, ['venv', '--quiet', '--clear', '--python', TEST_PYTHON!, folder]);
  const install = ['pip', 'install', '--quiet', '--require-hashes', '--no-deps', '-r', LOCK];
  await execa(TEST_UV!, [...install, '--compile-bytecode', '--python', python]);
  writeFileSync(done, '');
  return python;
}
