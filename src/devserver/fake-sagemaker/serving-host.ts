// Models as real programs: each variant of the fake runs python-tasks' serving program on the archive that was uploaded.
//
// H1. Archives are unpacked into a private folder; only plain files below it are written.
// H2. A program gets no variable of this process but where to find programs and temporary files.
// H3. Loading a pickle runs code: it is refused unless whoever made the model said that it may be.

import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { passedVariables } from '../../util/index.js';
import type {
  HostedModel,
  HostedModelSpec,
  Invocation,
  ModelAnswer,
  ModelHost,
} from './model-host.js';

export interface ServingHostOptions {
  readonly python: string;
  /** Folder that holds the package `anneal_tasks`. */
  readonly pythonTasksFolder: string;
  /** The bytes at an `s3://` address. */
  readonly read: (uri: string) => Promise<Buffer | undefined>;
}

// Where SageMaker unpacks model.tar.gz in every serving container.
const MODEL_FOLDER = '/opt/ml/model';
const STOP_GRACE_MS = 3_000;
const LAST_WORDS_LENGTH = 1_000;
const INVOCATION_MS = 60_000; // SageMaker's own limit of one invocation

export class ServingHost implements ModelHost {
  readonly #options: ServingHostOptions;
  #newest?: ServedModel;

  constructor(options: ServingHostOptions) {
    this.#options = options;
  }

  start(model: HostedModelSpec): HostedModel {
    this.#newest = new ServedModel(model, this.#options);
    return this.#newest;
  }

  /** Kills the program of the model that was started last, as a container dies under load. */
  async crashNewest(): Promise<void> {
    await this.#newest?.crash();
  }
}

class ServedModel implements HostedModel {
  readonly ready: Promise<string | undefined>;
  readonly #folder: Promise<string>;
  #child?: ChildProcess;
  #port?: number;
  #isStopping = false;

  constructor(model: HostedModelSpec, options: ServingHostOptions) {
    this.#folder = mkdtemp(path.join(tmpdir(), 'fake-endpoint-'));
    this.ready = this.#begin(model, options).catch((error: Error) => error.message);
  }

  async invoke({ body, contentType, accept = '*/*' }: Invocation): Promise<ModelAnswer> {
    const startedMs = performance.now();
    const latencyMs = (): number => performance.now() - startedMs;
    if ((await this.ready) !== undefined) return noAnswer('the container is not healthy', 0);
    try {
      const response = await fetch(`http://127.0.0.1:${this.#port}/invocations`, {
        method: 'POST',
        headers: { 'content-type': contentType, accept },
        body: new Uint8Array(body),
        signal: AbortSignal.timeout(INVOCATION_MS),
      });
      return {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        body: Buffer.from(await response.arrayBuffer()),
        latencyMs: latencyMs(),
      };
    } catch {
      return noAnswer('the container does not answer', latencyMs());
    }
  }

  async crash(): Promise<void> {
    await this.ready;
    if (this.#child?.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.ready;
    await endGroup(this.#child);
    await rm(await this.#folder, { recursive: true, force: true });
  }

  async #begin(
    { dataUrl, environment }: HostedModelSpec,
    { read, python, pythonTasksFolder }: ServingHostOptions,
  ): Promise<string | undefined> {
    const archive = await read(dataUrl);
    if (archive === undefined) return `Could not find model data at ${dataUrl}.`;
    const folder = path.join(await this.#folder, 'model');
    await unpack(archive, folder);
    if (this.#isStopping) return 'it was stopped';
    const { ANNEAL_MODEL = MODEL_FOLDER, ANNEAL_EXPECT_DIGEST = '' } = environment;
    const child = spawn(
      python,
      [
        ...['-m', 'anneal_tasks.serving'],
        ...['--model', ANNEAL_MODEL.replace(MODEL_FOLDER, folder)],
        ...['--expect-digest', ANNEAL_EXPECT_DIGEST, '--host', '127.0.0.1', '--port', '0'],
        ...(environment['ANNEAL_ALLOW_PICKLE'] === '1' ? ['--allow-pickle'] : []), // H3
      ],
      {
        cwd: folder,
        env: variables(pythonTasksFolder),
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      },
    );
    this.#child = child;
    const started = await readyOrEnd(child);
    if ('reason' in started)
      return `The container did not pass the ping health check: ${started.reason}`;
    this.#port = started.port;
    return undefined;
  }
}

/** H1. */
async function unpack(archive: Buffer, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const entries = extract();
  entries.on('entry', (header: Header, stream, next) => {
    const target = path.join(folder, header.name);
    const isPlain = header.type === 'file' && target.startsWith(`${folder}${path.sep}`);
    if (!isPlain) return next(new Error(`${header.name} is no plain file of the model`));
    mkdir(path.dirname(target), { recursive: true })
      .then(() => pipeline(stream, createWriteStream(target, { flags: 'wx' })))
      .then(() => next(), next);
  });
  await pipeline(Readable.from([archive]), createGunzip(), entries);
}

/** H2. */
function variables(pythonTasksFolder: string): Record<string, string> {
  return {
    ...passedVariables(process.env),
    PYTHONPATH: pythonTasksFolder,
    PYTHONDONTWRITEBYTECODE: '1',
    _KFP_RUNTIME: 'true',
  };
}

function readyOrEnd(
  child: ChildProcess,
): Promise<{ readonly port: number } | { readonly reason: string }> {
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-LAST_WORDS_LENGTH);
  });
  return new Promise((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const port = portOf(line);
      if (port !== undefined) resolve({ port });
    });
    child.once('error', (error) => resolve({ reason: error.message }));
    child.once('close', (code) => resolve({ reason: said.trim() || `it ended with ${code}` }));
  });
}

function portOf(line: string): number | undefined {
  try {
    return (JSON.parse(line) as { port?: number }).port;
  } catch {
    return undefined;
  }
}

function noAnswer(message: string, latencyMs: number): ModelAnswer {
  const body = Buffer.from(JSON.stringify({ error: message }));
  return { status: 503, contentType: 'application/json', body, latencyMs };
}

async function endGroup(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid!, 'SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
