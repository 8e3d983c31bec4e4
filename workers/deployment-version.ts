// The version that a worker belongs to, for Temporal's Worker Deployments.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import type { WorkerSettings } from '../src/config/index.js';
import { PACKAGE_ROOT } from '../src/devserver/index.js';

/** Name of the deployment that all versions belong to; `temporal worker deployment … --name`. */
export const DEPLOYMENT_NAME = 'anneal';

const BUILD_ID_DIGITS = 16;

/** Undefined where versioning is off. Runs are pinned: they end on the version that they were started on. */
export function deploymentVersion({
  versioning,
  build,
}: WorkerSettings): WorkerDeploymentOptions | undefined {
  if (!versioning) return undefined;
  return {
    version: { deploymentName: DEPLOYMENT_NAME, buildId: build ?? digestOfBuild() },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  };
}

/** The same files have the same id on every machine. */
function digestOfBuild(): string {
  const hash = createHash('sha256');
  for (const folder of ['dist', 'python-tasks']) {
    const root = path.join(PACKAGE_ROOT, folder);
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((each) => /\.(c?js|py)$/.test(each)).sort()) {
      hash
        .update(`${folder}/${name}\0`)
        .update(readFileSync(path.join(root, name)))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, BUILD_ID_DIGITS);
}
