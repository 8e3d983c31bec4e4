import { randomBytes } from 'node:crypto';
import { clientErrors } from '../errors/index.js';

// A run id names folders and store keys: one safe segment, with room for suffixes below 200 bytes.
// Runs that a schedule starts have the time after its name, with colons; no other run may look like one.
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Makes an id that sorts by time and says which pipeline it belongs to.
 *
 * @returns e.g. `ml-training-pipeline-20260131-094502-7f3a`, at most 100 characters
 */
export function newRunId(pipeline: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const prefix = pipeline.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return `${prefix.slice(0, 70) || 'run'}-${stamp}-${randomBytes(2).toString('hex')}`;
}

/** Refuses an id that cannot name files. @throws E_NAME */
export function assertRunId(runId: string): void {
  if (!RUN_ID.test(runId)) throw clientErrors.invalidRunId(runId);
}
