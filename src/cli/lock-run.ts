import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { clientErrors } from '../errors/index.js';
import { encodeLock } from '../lineage/index.js';
import type { CliContext } from './cli-context.js';
import { lockOfRun } from './find-lock.js';
import { openWorkplace } from './session.js';

export interface LockOptions {
  readonly output?: string;
}

/** Prints or writes a run's certificate. */
export async function lockRun(
  context: CliContext,
  runId: string,
  options: LockOptions,
): Promise<void> {
  const { output, environment } = context;
  const lock = await lockOfRun(context, await openWorkplace(context), runId);
  const text = encodeLock(lock);
  if (options.output === undefined) {
    output.json(JSON.parse(text));
    return output.result(text.trimEnd());
  }
  const file = path.resolve(environment.cwd, options.output);
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw clientErrors.usage(
      `"${options.output}" cannot be written (${error.code}).`,
      'Choose another file with --output.',
    );
  });
  output.json({ runId, path: file, tasks: lock.tasks.length });
  output.result(`Wrote ${options.output}`);
}
