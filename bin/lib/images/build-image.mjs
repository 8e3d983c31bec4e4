// Builds one image from its Dockerfile, with what was prepared for it.
//
// D1. The context is packed here and piped to the daemon: it holds the files named, and nothing else of the checkout.
// D2. BuildKit is not needed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SetupError } from '../run-step.mjs';
import { findImage } from './docker.mjs';

const KEPT_OUTPUT = 20_000;

/**
 * @param {{
 *   reference: string,
 *   dockerfile: string,
 *   files: string[],
 *   prepared: string[],
 *   buildArguments: Record<string, string>,
 * }} request  `files`: paths of the project; `prepared`: folders that hold a folder `prepared` each
 * @param {{ root: string }} context
 * @returns {Promise<{ image: string, id: string, sizeMb: number }>}
 */
export async function buildImage(request, { root }) {
  const { reference } = request;
  const startedAt = performance.now();
  process.stderr.write(`Building ${reference}… `);
  const { code, output } = await pipeToDocker(
    packArguments(request, root),
    dockerArguments(request),
  );
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(code === 0 ? `${seconds} s\n` : `failed after ${seconds} s\n`);
  if (code !== 0) throw new SetupError(`The build of ${reference} failed:\n${output}`);
  const { id, sizeBytes } = await findImage(reference);
  return { image: reference, id, sizeMb: Math.round(sizeBytes / 1e6) };
}

function packArguments({ files, prepared }, root) {
  const folders = prepared.flatMap((folder) => ['-C', folder, 'prepared']);
  return ['-cf', '-', '--exclude=__pycache__', '-C', root, ...files, ...folders];
}

function dockerArguments({ reference, dockerfile, buildArguments }) {
  const values = Object.entries(buildArguments).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ]);
  return ['build', '--tag', reference, '--file', dockerfile, ...values, '-'];
}

async function pipeToDocker(packing, building) {
  const tar = spawn('tar', packing, { stdio: ['ignore', 'pipe', 'inherit'] });
  const build = spawn('docker', building, { stdio: 'pipe' });
  // A build that fails early closes its input.
  build.stdin.on('error', () => tar.kill());
  tar.stdout.pipe(build.stdin);
  let output = '';
  for (const stream of [build.stdout, build.stderr]) {
    stream.on('data', (chunk) => (output = (output + chunk).slice(-KEPT_OUTPUT)));
  }
  const [code] = await once(build, 'close');
  return { code, output };
}
