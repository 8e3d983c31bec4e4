// `anneal worker`: a worker in the foreground.
//
// W1. The first signal lets it stop in order, the second cuts that short; its exit code is the command's.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { settingsEnvironment } from '../config/index.js';
import { PACKAGE_ROOT } from '../devserver/index.js';
import { configErrors } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface WorkerOptions {
  /** Names of roles, separated by commas. */
  readonly roles?: string;
}

/** Runs a worker against the cluster of the settings until a signal (W1). @throws E_CONFIG */
export async function runWorker(
  { environment, output }: CliContext,
  { roles }: WorkerOptions,
): Promise<number> {
  const wanted = roles === undefined ? {} : { ANNEAL_WORKER_ROLES: roles };
  const env = { ...environment.env, ...wanted };
  const settings = await cliSettings({ ...environment, env });
  if (settings.temporal.mode === 'embedded') throw configErrors.clusterNotConfigured();
  const { address } = settings.temporal.connection;
  const script = join(PACKAGE_ROOT, 'dist', 'workers', 'worker.js');
  const child = spawn(process.execPath, [script], {
    cwd: settings.projectFolder,
    env: { ...environment.env, ...settingsEnvironment(settings) },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const what = settings.worker.roles.join(', ');
  child.stdout.once('data', () =>
    output.progress(`Worker ready at ${address} (${what}); Ctrl-C stops it.`),
  );
  const stopForwarding = forwardSignals(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  stopForwarding();
  return code ?? 1;
}

/** W1: the child is in a session of its own, so it hears no Ctrl-C itself. */
function forwardSignals(child: ChildProcess): () => void {
  const forward = (): void => void child.kill('SIGTERM');
  for (const name of SIGNALS) process.on(name, forward);
  return () => {
    for (const name of SIGNALS) process.off(name, forward);
  };
}
