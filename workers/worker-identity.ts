import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { WorkerIdentity } from '../src/contract/index.js';

const SHOWN_DIGITS = 8;

/** Names this worker: its machine and home, which decide what it can adopt, and its process. */
export function workerIdentity(home: string): WorkerIdentity {
  const digest = createHash('sha256').update(home).digest('hex').slice(0, SHOWN_DIGITS);
  const machine = hostname().replace(/[^A-Za-z0-9.-]/g, '-');
  return { host: `${machine}-${digest}`, worker: `${process.pid}@${hostname()}` };
}
