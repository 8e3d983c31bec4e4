// Builds one virtual environment from hashed locks: with uv, or with venv and pip when uv cannot.

import { rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { configErrors } from '../../errors/index.js';
import { runProgram, type ProgramResult, type RunProgramOptions } from '../run-program.js';
import type { EnvironmentLocks } from './environment-locks.js';

export interface BuildEnvironmentRequest {
  /** Python to build with. */
  readonly python: string;
  /** Undefined: pip installs the packages. */
  readonly uv: string | undefined;
  readonly locks: EnvironmentLocks;
  /** Where the environment stays: it holds absolute paths and cannot be moved. */
  readonly folder: string;
  readonly options: RunProgramOptions;
}

/**
 * Builds the environment in its final place, with uv beside its Python.
 *
 * @throws E_ENVIRONMENT with the installer's last lines
 */
export async function buildEnvironment(request: BuildEnvironmentRequest): Promise<void> {
  const { uv, folder, locks } = request;
  const byUv = uv === undefined ? undefined : await buildWithUv(uv, request);
  if (byUv?.ok !== true) await buildWithPip(request, byUv?.tail);
  await addImportPath(folder, locks.tasksFolder);
  if (uv !== undefined) await linkProgram(uv, path.join(folder, 'bin', 'uv'));
}

async function buildWithUv(
  uv: string,
  { python, locks, folder, options }: BuildEnvironmentRequest,
): Promise<ProgramResult> {
  const made = await runProgram(uv, ['venv', '--quiet', '--python', python, folder], options);
  if (!made.ok) return made;
  const place = ['--quiet', '--python', path.join(folder, 'bin', 'python')];
  return runProgram(uv, ['pip', 'install', ...place, ...installArguments(locks)], options);
}

async function buildWithPip(
  { python, locks, folder, options }: BuildEnvironmentRequest,
  uvFailure: string | undefined,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const made = await runProgram(python, ['-m', 'venv', folder], options);
  if (!made.ok) throw configErrors.venvNotUsable(python, made.tail);
  const args = ['-m', 'pip', 'install', '--quiet', ...installArguments(locks)];
  const installed = await runProgram(path.join(folder, 'bin', 'python'), args, options);
  if (!installed.ok) throw configErrors.environmentNotBuilt(folder, installed.tail, uvFailure);
}

function installArguments(locks: EnvironmentLocks): string[] {
  return ['--require-hashes', '--no-deps', ...locks.packages.flatMap((file) => ['-r', file])];
}

/** Makes the project's Python package importable; a .pth file keeps it where it is. */
async function addImportPath(folder: string, tasksFolder: string): Promise<void> {
  const probe = ['-I', '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'];
  const result = await runProgram(path.join(folder, 'bin', 'python'), probe);
  if (!result.ok) throw configErrors.environmentNotBuilt(folder, result.tail, undefined);
  await writeFile(path.join(result.stdout.trim(), 'anneal.pth'), `${tasksFolder}\n`);
}

async function linkProgram(program: string, link: string): Promise<void> {
  await rm(link, { force: true });
  await symlink(program, link);
}
