import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { monitorErrors } from '../errors/index.js';
import { passedVariables } from '../util/index.js';

/** The Python that compares. */
export interface DriftTools {
  readonly python: string;
  /** Folder that holds the package `anneal_tasks`. */
  readonly pythonTasksFolder: string;
}

export interface Comparison {
  /** CSV files that the model was trained on. */
  readonly references: readonly string[];
  /** Folders of captured requests; those that are not there yet hold none. */
  readonly captured: readonly string[];
  readonly description?: string;
  /** ISO 8601. */
  readonly since?: string;
  readonly out: string;
}

const MODULE = 'anneal_tasks.monitoring';
const SAID_MAX_LENGTH = 2_000;

/**
 * Runs the comparison in a process of its own, with an environment of an allow-list and without a shell.
 *
 * @throws E_DATA with what it said; the signal's reason when that aborts
 */
export async function runComparison(
  { python, pythonTasksFolder }: DriftTools,
  comparison: Comparison,
  signal: AbortSignal,
): Promise<void> {
  for (const folder of comparison.captured) await mkdir(folder, { recursive: true, mode: 0o700 });
  const child = spawn(python, ['-m', MODULE, ...argumentsOf(comparison)], {
    env: { ...passedVariables(process.env), PYTHONPATH: pythonTasksFolder, PYTHONSAFEPATH: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-SAID_MAX_LENGTH);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error: Error) => {
    signal.throwIfAborted();
    throw monitorErrors.comparisonFailed(error.message);
  });
  if (exitCode !== 0) {
    throw monitorErrors.comparisonFailed(said.trim().split('\n').at(-1) ?? `exit code ${exitCode}`);
  }
}

function argumentsOf({ references, captured, description, since, out }: Comparison): string[] {
  return [
    ...references.flatMap((path) => ['--reference', path]),
    ...captured.flatMap((folder) => ['--captured', folder]),
    ...['--out', out],
    ...(description === undefined ? [] : ['--description', description]),
    ...(since === undefined ? [] : ['--since', since]),
  ];
}
