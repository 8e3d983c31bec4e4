import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { clientErrors } from '../errors/index.js';
import type { Pipeline } from '../ir/index.js';

interface Compilable {
  compile(): Pipeline;
}

/**
 * Compiles the pipeline that a JavaScript module exports; the module's code runs.
 *
 * @param file  absolute path of a .js, .mjs or .cjs file
 * @throws E_USAGE when the file is TypeScript, cannot be imported, or exports no or several pipelines
 */
export async function importPipeline(file: string): Promise<Pipeline> {
  if (/\.m?ts$/.test(file)) {
    throw clientErrors.usage(
      `"${path.basename(file)}" is TypeScript source; Node cannot import it.`,
      'Compile it first (npx tsc), then give the .js file.',
    );
  }
  const found = [...new Set(Object.values(await importModule(file)).filter(isCompilable))];
  const [pipeline] = found;
  if (pipeline === undefined || found.length > 1) {
    throw clientErrors.usage(
      `"${path.basename(file)}" exports ${found.length === 0 ? 'no pipeline' : `${found.length} pipelines`}.`,
      'Export exactly one: export const train = pipeline({ name: … }, (inputs) => { … });',
    );
  }
  return pipeline.compile();
}

async function importModule(file: string): Promise<object> {
  try {
    return (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing || !String((error as Error).message).includes(file)) throw error;
    throw clientErrors.usage(
      `There is no file "${file}".`,
      'Give the path of a compiled module (.js).',
    );
  }
}

function isCompilable(value: unknown): value is Compilable {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return (
    isObject && 'compile' in value && typeof value.compile === 'function' && 'definition' in value
  );
}
