// What a job's launcher reads: the task's command line and environment, and the launcher itself.
//
// D1. SageMaker allows strings of at most 256 characters; components carry their source in arguments. So the values
//     travel in files, one a line, escaped for `printf %b` (python-tasks/anneal_launcher/sagemaker_job.sh, L1).
// D2. Nothing secret is in them: secrets are refused before the run.

import { readFile } from 'node:fs/promises';
import { jobImageRefused } from '../../errors/jobs.js';
import { commandLineTooLong } from '../../errors/task.js';
import type { ArtifactStore } from '../../storage/index.js';
import type { LaunchSpec } from '../runner.js';

/** Folder below the attempt's place for what a job is started with. */
export const LAUNCH_FOLDER = '_launch';
const LAUNCHER = 'launch.sh';
/** Linux, MAX_ARG_STRLEN: one argument or variable, with its NUL. */
const MAX_ARGUMENT_BYTES = 128 * 1024;
/** As on other runners: hashes, and with them model files, are the same in every run; the log comes as it is written. */
const PYTHON_VARIABLES = { PYTHONHASHSEED: '0', PYTHONUNBUFFERED: '1' };

export interface LauncherPlaces {
  /** Where the job finds the launch folder. */
  readonly launch: string;
  readonly task: string;
  /** Where the launcher leaves its last words for AWS. */
  readonly message: string;
  readonly checkpoints?: string;
}

/** Puts the launch documents into the store. Writing them again changes nothing. @throws E_IMAGE, E_VALUE_SIZE */
export async function writeLaunchDocuments(
  spec: LaunchSpec,
  stagingKey: string,
  { store, launcher }: { readonly store: ArtifactStore; readonly launcher: string },
): Promise<void> {
  const line = [...spec.command, ...spec.args];
  if (spec.command.length === 0) {
    throw jobImageRefused(
      spec.image,
      'the component has no command, and a SageMaker job cannot ask the image for its own',
      'Give the component a command.',
    );
  }
  const { runId, task, attempt } = spec.id;
  const variables = Object.entries({
    ...PYTHON_VARIABLES,
    ...spec.env,
    ANNEAL_EXECUTION: `${runId}/${task}/${attempt}`,
  }).map(([name, value]) => `${name}=${value}`);
  for (const value of [...line, ...variables]) assertShort(task, value);
  const key = `${stagingKey}/${LAUNCH_FOLDER}`;
  await store.put(`${key}/arguments`, lines(line));
  await store.put(`${key}/environment`, lines(variables));
  await store.put(`${key}/${LAUNCHER}`, await readFile(launcher));
}

/** The entry point of the container. */
export function launcherCommand(places: LauncherPlaces): string[] {
  const { launch, task, message, checkpoints } = places;
  const command = ['sh', `${launch}/${LAUNCHER}`, launch, task, message];
  return checkpoints === undefined ? command : [...command, checkpoints];
}

function lines(values: readonly string[]): string {
  return values.map((value) => `${escaped(value)}\n`).join('');
}

/** As `printf %b` reads it: backslashes doubled, line breaks written. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function assertShort(task: string, value: string): void {
  const bytes = Buffer.byteLength(value);
  if (bytes >= MAX_ARGUMENT_BYTES) throw commandLineTooLong(task, bytes);
}
