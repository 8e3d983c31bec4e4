// The images under test, and the commands that run them.

import { readFileSync } from 'node:fs';
import { execa, execaSync } from 'execa';
import type { ResultPromise } from 'execa';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

export const TASKS_IMAGE = `anneal-tasks:${version}`;
export const WORKER_IMAGE = `anneal-worker:${version}`;

/** How a careful user runs either: nothing writable but /tmp and what is mounted, no rights at all. */
const HARDENED = [
  ...['run', '--rm', '--read-only', '--tmpfs', '/tmp'],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
];

/** Why tests with an image cannot run here, said on stderr; undefined when they can. */
export function missingImage(reference: string): string | undefined {
  const { failed } = execaSync('docker', ['image', 'inspect', reference], { reject: false });
  if (!failed) return undefined;
  const reason = `there is no image ${reference}, or no Docker daemon; make it with: npm run images`;
  process.stderr.write(`SKIPPED: ${reason}\n`);
  return reason;
}

/** Starts a container in the foreground, hardened. @param options  of `docker run`, and then the image and its command */
export function runContainer(
  ...options: readonly string[]
): ResultPromise<{ reject: false; all: true }> {
  return execa('docker', [...HARDENED, ...options], { reject: false, all: true });
}

/** What `docker inspect` says of an image. */
export function inspectImage(reference: string): {
  Id: string;
  Size: number;
  Config: { User: string; Labels: Record<string, string> };
} {
  const { stdout } = execaSync('docker', ['image', 'inspect', reference]);
  return (JSON.parse(stdout) as ReturnType<typeof inspectImage>[])[0]!;
}
