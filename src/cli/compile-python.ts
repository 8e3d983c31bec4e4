// Compiles a pipeline of a Python file with the stock KFP SDK.
//
// K1. The SDK drops parts of `dsl.If(a == 1 and b == 2)` without a word: whatever it drops is reported,
//     also when compiling fails.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PACKAGE_ROOT, runProgram } from '../devserver/index.js';
import { clientErrors, irErrors, pythonErrors, type AnnealError } from '../errors/index.js';
import type { Pipeline } from '../ir/index.js';
import { readPipeline } from '../ir/yaml/index.js';

export interface PythonPipelineRequest {
  /** As the user gave it: for messages. */
  readonly wanted: string;
  /** Working directory. */
  readonly cwd: string;
  /** Python with the full KFP SDK. */
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  /** Name of the function with `@dsl.pipeline`; needed when there are several. */
  readonly function?: string;
  /** Told of each condition that the SDK does not see as it is written (K1). */
  readonly warn: (sentence: string) => void;
}

/** The JSON that compile_pipeline.py writes. */
interface CompileResult {
  readonly conditions: readonly LossyCondition[];
  readonly yaml?: string;
  readonly error?: CompileFault;
}

interface LossyCondition {
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly kept: string | null;
}

interface CompileFault {
  readonly kind: 'source' | 'none' | 'several' | 'unknown';
  readonly message: string;
  readonly line?: number | null;
  readonly functions?: readonly string[];
}

/**
 * Compiles and validates; the file's code runs.
 *
 * @throws E_SPEC when the file does not compile, E_USAGE when it is unclear which function is meant,
 *   E_ENVIRONMENT when Python or the SDK is not usable; any error of the ir family
 */
export async function compilePython(request: PythonPipelineRequest): Promise<Pipeline> {
  const { conditions, yaml, error } = await runCompiler(request);
  for (const condition of conditions) request.warn(describe(condition, request.wanted));
  if (yaml === undefined) throw faultOf(error!, request);
  return readPipeline(yaml, `${request.wanted} (compiled)`);
}

async function runCompiler(request: PythonPipelineRequest): Promise<CompileResult> {
  const file = path.resolve(request.cwd, request.wanted);
  await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw irErrors.fileUnreadable(request.wanted, cause.code ?? cause.message, cause);
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'anneal-compile-'));
  try {
    const result = path.join(folder, 'result.json');
    const tool = path.join(PACKAGE_ROOT, 'python-tasks', 'tools', 'compile_pipeline.py');
    const choice = request.function === undefined ? [] : [`--function=${request.function}`];
    const args = ['-W', 'ignore', tool, `--result=${result}`, ...choice, '--', file];
    const ended = await runProgram(request.python, args, { cwd: request.cwd, env: request.env });
    if (!ended.ok) throw pythonErrors.pythonCompilerFailed(request.python, ended.tail);
    return JSON.parse(await readFile(result, 'utf8')) as CompileResult;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describe({ line, column, found, kept }: LossyCondition, file: string): string {
  const outcome =
    kept === null
      ? 'it is false whatever the values are'
      : `the compiled pipeline tests only "${kept}"`;
  return (
    `${file}:${line}:${column}: Python evaluates "${found}" before the KFP SDK sees it: ${outcome}. ` +
    'Nest dsl.If for "and", use dsl.Elif for "or", or let a component decide.'
  );
}

function faultOf(
  fault: CompileFault,
  { wanted, function: chosen }: PythonPipelineRequest,
): AnnealError {
  const { kind, message, line, functions = [] } = fault;
  if (kind === 'source') {
    return pythonErrors.pythonNotCompiled(line == null ? wanted : `${wanted}:${line}`, message);
  }
  const listed = functions.join(', ');
  if (kind === 'none') {
    return clientErrors.usage(
      `"${wanted}" defines no pipeline.`,
      'Decorate a function with @dsl.pipeline.',
    );
  }
  return kind === 'several'
    ? clientErrors.usage(
        `"${wanted}" defines ${functions.length} pipelines.`,
        `Choose one with --function: ${listed}.`,
      )
    : clientErrors.usage(
        `"${wanted}" defines no pipeline "${chosen}".`,
        `Its pipelines are: ${listed || 'none'}.`,
      );
}
