import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { clientErrors } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { loadPipeline } from './pipeline-source.js';

export interface CompileOptions {
  readonly output?: string;
}

/** Writes a pipeline's canonical YAML to stdout or a file. */
export async function compilePipeline(
  { output, environment }: CliContext,
  wanted: string,
  options: CompileOptions,
): Promise<void> {
  const { name, text } = await loadPipeline(wanted, environment.cwd);
  if (options.output === undefined) {
    output.json({ pipeline: name, yaml: text });
    return output.result(text.trimEnd());
  }
  const file = path.resolve(environment.cwd, options.output);
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw clientErrors.usage(
      `"${options.output}" cannot be written (${error.code}).`,
      'Choose another file with --output.',
    );
  });
  output.json({ pipeline: name, path: file });
  output.result(`Wrote ${options.output}`);
}
