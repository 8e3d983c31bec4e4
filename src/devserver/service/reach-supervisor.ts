// Finds the supervisor of a home, or starts one.

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { readLockHolder } from '#process-lock';
import { settingsEnvironment, type Settings } from '../../config/index.js';
import { configErrors } from '../../errors/index.js';
import { connectSupervisor } from './connect-supervisor.js';
import { logSize, openLog, readLogTail } from './log-file.js';
import type { ServicePaths } from './service-paths.js';

export interface ReachSupervisorRequest {
  /** With the Python environment and the Temporal CLI filled in. */
  readonly settings: Settings;
  readonly paths: ServicePaths;
  readonly supervisorScript: string;
  readonly workerScript: string;
  /** Called when a supervisor has to be started. */
  readonly onStart: () => void;
}

const POLL_MS = 15;
// A predecessor that is stopping may give its workers 10 s, and a killed one's workers as long.
const TIMEOUT_MS = 40_000;

/**
 * Connects to the home's supervisor; exactly one is started when there is none, however many ask at once.
 *
 * @throws E_ENVIRONMENT when it cannot be started or does not answer
 */
export async function reachSupervisor(request: ReachSupervisorRequest): Promise<Socket> {
  const { paths, onStart } = request;
  const logStart = logSize(paths.logs.supervisor);
  const deadline = Date.now() + TIMEOUT_MS;
  let child: ChildProcess | undefined;
  while (Date.now() < deadline) {
    const socket = await connectSupervisor(paths.socket);
    if (socket !== undefined) return socket;
    if (child?.exitCode) break;
    const isComing = child?.exitCode === null || readLockHolder(paths.lock) !== undefined;
    if (!isComing) {
      if (child === undefined) onStart();
      child = startSupervisor(request);
    }
    await delay(POLL_MS);
  }
  const tail = readLogTail(paths.logs.supervisor, logStart).split('\n').at(-1);
  throw configErrors.serviceNotStarted(tail || 'it does not answer.', paths.logs.supervisor);
}

/** A session of its own: Ctrl-C in the command's terminal does not reach it. */
function startSupervisor(request: ReachSupervisorRequest): ChildProcess {
  const { settings, paths, supervisorScript, workerScript } = request;
  const log = openLog(paths.logs.supervisor);
  const child = spawn(process.execPath, [supervisorScript, workerScript], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: settings.projectFolder,
    env: { ...process.env, ...settingsEnvironment(settings) },
  });
  closeSync(log);
  child.unref();
  return child;
}
