import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensurePythonEnvironment } from '../devserver/index.js';
import { clientErrors } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';
import { compilePython } from './compile-python.js';
import { loadPipeline, toSource, type PipelineSource } from './pipeline-source.js';

export interface CompileOptions {
  readonly output?: string;
  /** Name of a function of a Python file. */
  readonly function?: string;
}

/** Writes a pipeline's canonical YAML to stdout or a file. */
export async function compilePipeline(
  context: CliContext,
  wanted: string,
  options: CompileOptions,
): Promise<void> {
  const { output, environment } = context;
  const warnings: string[] = [];
  const warn = (warning: string): void => {
    warnings.push(warning);
    output.message(output.colors.yellow(warning));
  };
  const { name, text } = await compileSource(context, wanted, options, warn);
  if (options.output === undefined) {
    output.json({ pipeline: name, yaml: text, warnings });
    return output.result(text.trimEnd());
  }
  const file = path.resolve(environment.cwd, options.output);
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw clientErrors.usage(
      `"${options.output}" cannot be written (${error.code}).`,
      'Choose another file with --output.',
    );
  });
  output.json({ pipeline: name, path: file, warnings });
  output.result(`Wrote ${options.output}`);
}

async function compileSource(
  { output, environment }: CliContext,
  wanted: string,
  options: CompileOptions,
  warn: (warning: string) => void,
): Promise<PipelineSource> {
  const { cwd, env } = environment;
  if (path.extname(wanted) !== '.py') {
    if (options.function === undefined) return loadPipeline(wanted, cwd);
    throw clientErrors.usage(
      '--function is for Python files.',
      'Leave it out, or give a .py file.',
    );
  }
  const report = (line: string): void => output.progress(output.colors.dim(line));
  const settings = await cliSettings(environment);
  const { python } = await ensurePythonEnvironment({ settings, kind: 'dev', report });
  const choice = options.function === undefined ? {} : { function: options.function };
  return toSource(await compilePython({ wanted, cwd, env, python, warn, ...choice }));
}
