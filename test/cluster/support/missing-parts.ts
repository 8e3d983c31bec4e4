// Why the suite cannot run here; it is optional, since its programs take minutes to build.

import { execaSync } from 'execa';
import { TEST_PYTHON } from '../../support/anneal-cli.js';
import { isAskedFor } from '../../support/suites.js';
import { POSTGRES_PROGRAMS } from './postgres.js';

/** What is missing; undefined when the suite can run. Printed once, so that a skip is never silent. */
export const MISSING_PARTS = findMissing();

function findMissing(): string | undefined {
  const missing = reason();
  if (missing !== undefined) process.stderr.write(`SKIPPED test/cluster: ${missing}\n`);
  return missing;
}

function reason(): string | undefined {
  if (!isAskedFor('cluster')) return 'it is optional; run it with: npm run test:cluster';
  if (TEST_PYTHON === undefined) return 'there is no Python environment for tests';
  if (POSTGRES_PROGRAMS === undefined) return 'PostgreSQL is missing: apt-get install postgresql';
  const { failed } = execaSync('go', ['version'], { reject: false });
  return failed ? 'Go is missing, which builds the Temporal server' : undefined;
}
