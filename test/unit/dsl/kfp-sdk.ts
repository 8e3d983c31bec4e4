// The stock KFP SDK, for tests that compare with it.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PipelineSpecJson } from '../../../src/ir/index.js';

const python = process.env['ANNEAL_DEV_PYTHON'];

/** Whether the SDK is at hand; tests that need it are skipped otherwise, and say so. */
export const hasKfpSdk = python !== undefined;

/** Appended to the titles of such tests, so that a skipped one says what it waits for. */
export const NEEDS_KFP_SDK = hasKfpSdk
  ? ''
  : ' [skipped: set ANNEAL_DEV_PYTHON to a Python with the kfp package]';

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

/** Specs of the pipelines in python/pipelines.py, by name. */
export function compileTwins(): Readonly<Record<string, PipelineSpecJson>> {
  return runScript('pipelines.py', '') as Readonly<Record<string, PipelineSpecJson>>;
}

/** What the SDK compiles from specs it has loaded. */
export function recompile(texts: readonly string[]): readonly PipelineSpecJson[] {
  return runScript('recompile.py', JSON.stringify(texts)) as readonly PipelineSpecJson[];
}
