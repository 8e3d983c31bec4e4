import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { settingsEnvironment, type Settings } from '../../config/index.js';
import { PACKAGE_ROOT } from '../package-root.js';

// Where things are, and what is shown of errors and of the work, may differ between commands that share workers.
const NOT_COMPARED = [
  ...['ANNEAL_HOME', 'ANNEAL_PYTHON_ENV', 'ANNEAL_TEMPORAL_CLI', 'ANNEAL_DEBUG'],
  ...['ANNEAL_LOG_LEVEL', 'ANNEAL_LOG_FORMAT', 'ANNEAL_METRICS_ADDRESS'],
];

/** What a command relies on when it uses workers that another one started: settings, and the build of Anneal. */
export function workerSettings(settings: Settings): Record<string, string> {
  const compared = Object.entries(settingsEnvironment(settings)).filter(
    ([name]) => !NOT_COMPARED.includes(name),
  );
  return { ...Object.fromEntries(compared), 'build of Anneal': readBuild() };
}

/** The first setting that differs, in words: `ANNEAL_STORE is a there and b here`. */
export function describeDifference(
  theirs: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
): string | undefined {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  const name = names.find((candidate) => theirs[candidate] !== ours[candidate]);
  if (name === undefined) return undefined;
  if (!name.startsWith('ANNEAL_')) return `they run an earlier build of Anneal`;
  return `${name} is ${theirs[name] ?? 'not set'} there and ${ours[name] ?? 'not set'} here`;
}

function readBuild(): string {
  const stamp = path.join(PACKAGE_ROOT, 'dist', '.anneal-build');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
}
