// The stock KFP SDK, for tests that compare with it.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Pipeline, PipelineSpecJson, PlatformSpecJson } from '../../../src/ir/index.js';

const python = process.env['ANNEAL_DEV_PYTHON'];

/** Whether the SDK is at hand; tests that need it are skipped otherwise, and say so. */
export const hasKfpSdk = python !== undefined;

/** Appended to the titles of such tests, so that a skipped one says what it waits for. */
export const NEEDS_KFP_SDK = hasKfpSdk
  ? ''
  : ' [skipped: set ANNEAL_DEV_PYTHON to a Python with the kfp package]';

/** The documents of a compiled file: the spec, and the platform spec when there is one. */
export type Documents = readonly [PipelineSpecJson, PlatformSpecJson?];

/** The documents that a pipeline of the DSL is written as. */
export function documentsOf({ spec, platform }: Pipeline): Documents {
  return platform === undefined ? [spec] : [spec, platform];
}

/** Runs a script of python/ and parses what it prints. */
function runScript(script: string, input: string): unknown {
  const path = fileURLToPath(new URL(`python/${script}`, import.meta.url));
  const output = execFileSync(python!, ['-W', 'ignore', path], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output);
}

/** What the SDK compiles from the pipelines of a script, by their names. */
export function compileTwins(
  script: 'pipelines.py' | 'options.py',
): Readonly<Record<string, Documents>> {
  return runScript(script, '') as Readonly<Record<string, Documents>>;
}

/** What the SDK compiles from pipelines it has loaded. */
export function recompile(texts: readonly string[]): readonly Documents[] {
  return runScript('recompile.py', JSON.stringify(texts)) as readonly Documents[];
}
