// Starts the service on a loopback port and ends it on SIGTERM.

import { serve } from '@hono/node-server';
import { AnnealClient } from 'anneal';
import { createService } from './service.js';

const secret = process.env['WEBHOOK_SECRET'];
if (secret === undefined || secret.length < 16) {
  console.error('Set WEBHOOK_SECRET to the secret of the sender, 16 characters or more.');
  process.exit(2);
}

const anneal = await AnnealClient.fromEnvironment();
const server = serve(
  {
    fetch: createService(anneal, secret).fetch,
    hostname: '127.0.0.1',
    port: Number(process.env['PORT'] ?? 8080),
  },
  ({ port }) => console.log(`Listening on http://127.0.0.1:${port}`),
);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => server.close(() => void anneal.close()));
}
