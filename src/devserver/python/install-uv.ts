import path from 'node:path';
import { buildOnce } from '../build-once.js';
import type { Report } from '../report.js';
import { runProgram, type RunProgramOptions } from '../run-program.js';

export interface InstallUvRequest {
  /** Python whose pip is used. */
  readonly python: string;
  /** Hashed lock that names uv. */
  readonly lock: string;
  readonly folder: string;
  readonly options: RunProgramOptions;
  readonly report: Report;
}

/**
 * Installs uv once.
 *
 * @returns the uv program, or undefined when it cannot be installed here: pip alone does the same, slower
 */
export async function installUv(request: InstallUvRequest): Promise<string | undefined> {
  const { folder, report } = request;
  const needs = path.join('bin', 'uv');
  try {
    await buildOnce({ folder, needs, report, build: () => installWithPip(request) });
    return path.join(folder, needs);
  } catch {
    return undefined;
  }
}

// The Python's own pip takes 1.8 s; a virtual environment, for a Python without pip, 3.5 s.
async function installWithPip({ python, lock, folder, options }: InstallUvRequest): Promise<void> {
  const install = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '-r', lock];
  const direct = await runProgram(python, [...install, '--target', folder], options);
  if (direct.ok) return;
  const venv = await runProgram(python, ['-m', 'venv', '--clear', folder], options);
  if (!venv.ok) throw new Error(venv.tail);
  const installed = await runProgram(path.join(folder, 'bin', 'python'), install, options);
  if (!installed.ok) throw new Error(installed.tail);
}
