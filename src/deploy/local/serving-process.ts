// One serving program as a process: started, asked for its health, ended with all it started.
//
// V1. Its environment is an allow-list: no AWS keys, no tokens of the worker.
// V2. It leads its own process group, so that ending it ends its children too.
// V3. Arguments are an array; nothing passes through a shell.

import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { passedVariables } from '../../util/index.js';
import { CappedLog } from './capped-log.js';
import { endProcessGroup } from './end-process-group.js';
import { findFreePort } from './free-port.js';
import { callLoopback } from './loopback-call.js';

/** How the serving program is called. */
export interface ServingProgram {
  /** Python of the environment that has the model's libraries. */
  readonly python: string;
  /** Folder that holds the package `anneal_tasks`. */
  readonly tasksFolder: string;
}

export interface ServingLaunch {
  readonly program: ServingProgram;
  readonly modelPath: string;
  readonly modelDigest: string;
  readonly allowPickle: boolean;
  readonly folder: string;
  readonly logPath: string;
}

export interface ServingProcess {
  readonly port: number;
  /** Settles when the process is gone, with the reason in words. */
  readonly ended: Promise<string>;
  isRunning(): boolean;
  stop(graceMs: number): Promise<void>;
}

/** Python module of the serving program, in python-tasks. */
export const SERVING_MODULE = 'anneal_tasks.serving';

const PING_INTERVAL_MS = 50;
const PING_TIMEOUT_MS = 2_000;
const REASON_MAX_LENGTH = 2_000;

/** Starts the serving program on a free loopback port; it is not ready yet. */
export async function launchServing(launch: ServingLaunch): Promise<ServingProcess> {
  const port = await findFreePort();
  const child = spawn(launch.program.python, servingArguments(launch, port), {
    cwd: launch.folder,
    env: servingEnvironment(launch.program),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lastWords = captureOutput(child, launch.logPath);
  const ended = whenEnded(child, lastWords);
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  return {
    port,
    ended,
    isRunning: () => isRunning,
    stop: async (graceMs) => {
      if (child.pid !== undefined) await endProcessGroup(child.pid, graceMs);
      await ended;
    },
  };
}

/**
 * Waits until the process answers GET /ping with 200.
 *
 * @returns why it did not, in words; undefined when it did
 */
export async function whyNotHealthy(
  serving: ServingProcess,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    if (!serving.isRunning()) return serving.ended;
    if (await answersPing(serving.port)) return undefined;
    await sleep(PING_INTERVAL_MS);
  }
  return `it did not answer /ping within ${timeoutMs / 1000} s`;
}

/** Whether GET /ping on a loopback port answers 200. */
export async function answersPing(port: number): Promise<boolean> {
  const call = { port, method: 'GET', path: '/ping', timeoutMs: PING_TIMEOUT_MS } as const;
  return callLoopback(call).then(
    ({ status }) => status === 200,
    () => false,
  );
}

function servingArguments(launch: ServingLaunch, port: number): string[] {
  return [
    ...['-m', SERVING_MODULE],
    ...['--model', launch.modelPath],
    ...['--expect-digest', launch.modelDigest],
    ...['--host', '127.0.0.1', '--port', String(port)],
    ...(launch.allowPickle ? ['--allow-pickle'] : []),
  ];
}

function servingEnvironment(program: ServingProgram): Record<string, string> {
  return {
    ...passedVariables(process.env), // V1
    PYTHONPATH: program.tasksFolder,
    PYTHONSAFEPATH: '1',
    PYTHONUNBUFFERED: '1',
  };
}

/** Logs both streams; answers with the last lines of stderr. */
function captureOutput(child: ChildProcess, logPath: string): () => string {
  const log = new CappedLog(logPath);
  let lastWords = '';
  child.stdout?.on('data', (chunk: Buffer) => log.write(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    log.write(chunk);
    lastWords = (lastWords + chunk.toString('utf8')).slice(-REASON_MAX_LENGTH);
  });
  child.once('close', () => log.close());
  return () => lastWords.trim();
}

function whenEnded(child: ChildProcess, lastWords: () => string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    // 'close' waits for everyone who inherited its output: what it left behind goes first.
    child.once('exit', () => void endProcessGroup(child.pid!, 0));
    child.once('close', (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const words = lastWords();
      resolve(`it ended with ${how}${words === '' ? '' : `: ${words.split('\n').at(-1)}`}`);
    });
  });
}
