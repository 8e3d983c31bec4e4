// Entry point of the supervisor process. Started by openService, detached, with the settings in its environment.
//
// Its only argument is the worker's script. Its output goes to the supervisor's log.

import { acquireLock } from '#process-lock';
import { loadSettings } from '../../config/index.js';
import { servicePaths } from './service-paths.js';
import { Supervisor } from './supervisor.js';

async function main(workerScript: string): Promise<void> {
  const settings = loadSettings(process.env);
  const paths = servicePaths(settings.home);
  const release = await acquireLock(paths.lock);
  if (release === undefined) return; // Another command was quicker: its supervisor serves both.
  const temporalCli = settings.temporalCli!;
  const supervisor = new Supervisor({ settings, paths, temporalCli, workerScript });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => supervisor.stop());
  }
  await supervisor.run();
  release();
  process.exit(); // Commands that wait for the end see their connections close.
}

await main(process.argv[2]!);
