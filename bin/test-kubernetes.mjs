#!/usr/bin/env node
// `npm run test:kubernetes`: the kubernetes runner on a real API server, controllers and scheduler.
//
// They are built once by Go from test/kubernetes/control-plane, which takes minutes and 4 GB of Go's cache; the
// program is kept in the home's cache. Then it is `npm test -- test/kubernetes`, with the arguments given here.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './setup.mjs';

const SOURCE = path.join(ROOT, 'test/kubernetes/control-plane');
const VERSION = 'v1.34.4';

function main(args) {
  const program = build();
  if (program === undefined) return 1;
  const env = { ...process.env, ANNEAL_TEST_CONTROL_PLANE: program };
  const filters = args.length > 0 ? args : ['test/kubernetes'];
  return spawnSync(process.execPath, ['bin/test.mjs', ...filters], {
    cwd: ROOT,
    env,
    stdio: 'inherit',
  }).status;
}

/** @returns the program; undefined, said on stderr, when it cannot be built */
function build() {
  const folder = path.join(ROOT, '.anneal/cache', `control-plane-${digest()}`);
  const program = path.join(folder, 'control-plane');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  console.error('Building the Kubernetes control plane with Go; this takes some minutes, once.');
  const flags = `-s -w -X k8s.io/component-base/version.gitVersion=${VERSION} -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=34`;
  const draft = `${program}.draft`;
  const built = spawnSync(
    'go',
    ['build', '-p', '2', '-trimpath', '-ldflags', flags, '-o', draft, '.'],
    {
      cwd: SOURCE,
      stdio: 'inherit',
    },
  );
  if (built.error) console.error(`Go is needed: ${built.error.message}`);
  if (built.status !== 0) return undefined;
  renameSync(draft, program);
  return program;
}

function digest() {
  const hash = createHash('sha256');
  for (const name of readdirSync(SOURCE).sort()) hash.update(readFileSync(path.join(SOURCE, name)));
  return hash.digest('hex').slice(0, 12);
}

process.exitCode = main(process.argv.slice(2));
