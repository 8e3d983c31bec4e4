import { loadSettings, readConfigFile, type Settings } from '../config/index.js';
import type { CliEnvironment } from './cli-environment.js';

/** The settings of a command: its environment, then anneal.config.ts, then defaults. @throws E_CONFIG */
export async function cliSettings({ env, cwd }: CliEnvironment): Promise<Settings> {
  return loadSettings(env, { cwd, config: await readConfigFile(cwd) });
}
