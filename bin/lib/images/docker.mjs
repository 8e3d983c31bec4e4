// What the image builds ask of Docker.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SetupError } from '../run-step.mjs';

const execute = promisify(execFile);

/**
 * Runs a Docker command.
 *
 * @returns {Promise<string>} what it printed, trimmed
 * @throws {SetupError} when Docker is missing, no daemon answers, or the command fails
 */
export async function docker(...args) {
  try {
    return (await execute('docker', args)).stdout.trim();
  } catch (error) {
    if (error.code === 'ENOENT') throw new SetupError('Docker is not installed.');
    throw new SetupError(`"docker ${args.join(' ')}" failed: ${error.stderr.trim()}`);
  }
}

/** @returns {Promise<'amd64' | 'arm64'>} what images are built for: the daemon's machine */
export async function dockerArchitecture() {
  const architecture = await docker('version', '--format', '{{.Server.Arch}}');
  if (architecture === 'amd64' || architecture === 'arm64') return architecture;
  throw new SetupError(`Images are built for amd64 and arm64; this Docker runs ${architecture}.`);
}

/** @returns {Promise<{ id: string, sizeBytes: number } | undefined>} undefined when there is no such image */
export async function findImage(reference) {
  const format = '{"id":"{{.Id}}","sizeBytes":{{.Size}}}';
  const found = await docker('image', 'ls', '--quiet', '--no-trunc', reference);
  if (found === '') return undefined;
  return JSON.parse(await docker('image', 'inspect', '--format', format, reference));
}
