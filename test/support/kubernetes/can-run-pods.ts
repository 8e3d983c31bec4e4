import { spawnSync } from 'node:child_process';

/** Why test nodes cannot run containers here; undefined when they can. */
export function canRunPods(): string | undefined {
  if (process.env['ANNEAL_TEST_PYTHON'] === undefined) return 'ANNEAL_TEST_PYTHON is not set';
  const tried = spawnSync('unshare', [
    '--mount',
    '--pid',
    '--fork',
    'mount',
    '--make-rprivate',
    '/',
  ]);
  return tried.status === 0 ? undefined : 'test pods need root and mount namespaces of their own';
}
