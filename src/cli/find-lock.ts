import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { clientErrors } from '../errors/index.js';
import { buildLock, decodeLock, readLock, SpecReader, type RunLock } from '../lineage/index.js';
import type { CliContext } from './cli-context.js';
import { readRun } from './read-run.js';
import type { Workplace } from './session.js';
import { ANNEAL_VERSION } from './version.js';

/**
 * Finds a run's certificate; one that was never written is made of what the store keeps.
 * @throws E_NOT_FOUND, E_STATE while the run goes on, E_RECORD
 */
export async function lockOfRun(
  context: CliContext,
  workplace: Workplace,
  runId: string,
): Promise<RunLock> {
  const { store } = workplace;
  const kept = await readLock(store, runId);
  if (kept !== undefined) return kept;
  const view = await readRun(context, workplace, runId);
  if (view.status === 'running') throw clientErrors.stillRunning(runId, 'certified');
  const tools = { specs: new SpecReader(store), anneal: ANNEAL_VERSION, node: process.version };
  return buildLock(store, view, tools);
}

/** Reads a certificate by run or file. @param wanted  a path when it ends with .json or holds a slash */
export async function findLock(
  context: CliContext,
  workplace: Workplace,
  wanted: string,
): Promise<RunLock> {
  const isFile = wanted.endsWith('.json') || wanted.includes('/') || wanted.includes(path.sep);
  if (!isFile) return lockOfRun(context, workplace, wanted);
  const bytes = await readFile(path.resolve(context.environment.cwd, wanted)).catch(
    (error: NodeJS.ErrnoException) => {
      throw clientErrors.usage(
        `The certificate "${wanted}" cannot be read (${error.code}).`,
        'Give a run, or a file that "anneal lock" wrote.',
      );
    },
  );
  return decodeLock(wanted, bytes);
}
