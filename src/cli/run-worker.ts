import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { settingsEnvironment } from '../config/index.js';
import { PACKAGE_ROOT } from '../devserver/index.js';
import { configErrors } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';
import { interruptible } from './interruption.js';

/** Runs a worker in the foreground against the cluster of the settings; a signal stops it gracefully. */
export async function runWorker({ environment, output }: CliContext): Promise<number> {
  const settings = await cliSettings(environment);
  if (settings.temporal.mode === 'embedded') throw configErrors.clusterNotConfigured();
  const { address } = settings.temporal.connection;
  const script = join(PACKAGE_ROOT, 'dist', 'workers', 'worker.js');
  const child = spawn(process.execPath, [script], {
    cwd: settings.projectFolder,
    env: { ...environment.env, ...settingsEnvironment(settings) },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  child.stdout.once('data', () => output.progress(`Worker ready at ${address}; Ctrl-C stops it.`));
  return interruptible(async ({ signal }) => {
    signal.addEventListener('abort', () => child.stdin.end());
    const [code] = (await once(child, 'exit')) as [number | null];
    return signal.aborted ? 0 : (code ?? 1);
  });
}
