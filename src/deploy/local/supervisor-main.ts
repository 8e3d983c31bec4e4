// Entry point of an endpoint's supervisor: `node supervisor-main.js '<SupervisorSettings as JSON>'`.
//
// It says one line on stdout once it is ready, or why it is not, and nothing more: whoever started
// it reads that line and leaves.

import { isAnnealError } from '../../errors/index.js';
import { runSupervisor, type SupervisorSettings } from './supervisor.js';

/** The one line on stdout. */
export type SupervisorHandshake =
  | { readonly state: 'ready' }
  | { readonly state: 'occupied' }
  | { readonly state: 'failed'; readonly message: string; readonly hint?: string };

process.umask(0o077);
process.stdout.on('error', () => undefined);
for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => undefined);

const say = (line: SupervisorHandshake): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

try {
  const settings = JSON.parse(process.argv[2] ?? '') as SupervisorSettings;
  const isOurs = await runSupervisor(settings, () => say({ state: 'ready' }));
  if (!isOurs) say({ state: 'occupied' });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error);
  say({ state: 'failed', message, hint: isAnnealError(error) ? error.hint : undefined });
  process.exitCode = 1;
}
