// Starts the demo pipeline under one idempotency key, when told to by a line on stdin; prints the run's id.

import { once } from 'node:events';
import { AnnealClient } from '../../../../dist/src/index.js';

const [address, store, key] = process.argv.slice(2);
// Twenty at once take long to come up on a small machine.
const connectTimeoutMs = 120_000;
const client = await AnnealClient.connect({
  address,
  namespace: 'default',
  store,
  connectTimeoutMs,
});
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const { runId } = await client.start('demo', { behaviour: 'succeed' }, { idempotencyKey: key });
process.stdout.write(`${runId}\n`);
await client.close();
process.exit(0);
