// The process that runs workflows and activities beside the embedded server.
//
// It reads its settings from the environment, prints {"ready":true} when it polls, and ends when its input closes.

import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { settingsEnvironment, type Settings } from '../../config/index.js';
import { configErrors } from '../../errors/index.js';
import { logText } from '../../telemetry/logging/log-text.js';
import type { ManagedProcessSpec } from './managed-process.js';
import { EMBEDDED_NAMESPACE } from './temporal-server.js';

// A worker that hands its tasks back needs a few seconds; one that does not is killed.
const STOP_GRACE_MS = 10_000;

export interface WorkerProcessRequest {
  readonly settings: Settings;
  /** JavaScript file of the worker. */
  readonly script: string;
  readonly logFile: string;
  /** Address of the embedded server, asked before every start. */
  readonly address: () => string;
}

/** Describes the worker's process. */
export function workerProcess(request: WorkerProcessRequest): ManagedProcessSpec {
  const { settings, script, logFile } = request;
  return {
    logFile,
    watches: 'stdin',
    stop: { signal: 'SIGTERM', graceMs: STOP_GRACE_MS },
    plan: () =>
      Promise.resolve({
        program: process.execPath,
        args: [script],
        env: workerEnvironment(settings, request.address()),
        cwd: settings.projectFolder,
      }),
    waitReady: (child, signal) => readyLine(child, logFile, signal),
    explainExit: (logTail) => ({
      error: configErrors.serviceProcessFailed('worker', script, readable(logTail), logFile),
      isFinal: false,
    }),
  };
}

/** The worker logs JSON; people read this. */
function readable(logTail: string): string {
  return logTail.split('\n').map(logText).join('\n');
}

/** The user's environment with these settings, and with the embedded server in place of any Temporal profile. */
function workerEnvironment(settings: Settings, address: string): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(entries),
    ...settingsEnvironment(settings),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: EMBEDDED_NAMESPACE,
    TEMPORAL_TLS: 'false',
  };
}

/** Settles at the worker's ready line; all it prints goes to the log, before and after. */
function readyLine(child: ChildProcess, logFile: string, signal: AbortSignal): Promise<void> {
  const log = createWriteStream(logFile, { flags: 'a' });
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('The worker did not get ready.')));
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      if (line === '{"ready":true}') resolve();
      else log.write(`${line}\n`);
    });
    lines.once('close', () => log.end());
  });
}
