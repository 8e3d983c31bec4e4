// A connection to the service for the length of one command.
//
// S1. Whatever happens, client and lease are closed; the last lease on the embedded server leaves nothing running.
// S2. Losing the service for good ends the command with E_SERVER instead of waiting for ever.

import { AnnealClient } from '../client/index.js';
import type { Settings } from '../config/index.js';
import { openService, type ServiceLease } from '../devserver/index.js';
import { openStore, type ArtifactStore } from '../storage/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';

/** Settings and store: what needs no server. */
export interface Workplace {
  readonly settings: Settings;
  readonly store: ArtifactStore;
}

export interface Session extends Workplace {
  readonly client: AnnealClient;
  readonly lease: ServiceLease;
  /** Whether Anneal's own server is used, not a cluster. */
  readonly isEmbedded: boolean;
}

/** Reads the settings and opens the store. @throws E_CONFIG, E_STORE */
export async function openWorkplace({ environment, output }: CliContext): Promise<Workplace> {
  const settings = await cliSettings(environment);
  for (const warning of settings.warnings) output.progress(output.colors.yellow(warning));
  return { settings, store: await openStore(settings.store, settings) };
}

/** Runs `body` with a client (S1, S2). @throws what `body` throws; E_SERVER, E_NAMESPACE, E_ENVIRONMENT */
export async function withSession<Result>(
  context: CliContext,
  workplace: Workplace,
  needWorkers: boolean,
  body: (session: Session) => Promise<Result>,
): Promise<Result> {
  const { settings, store } = workplace;
  const { taskQueue, telemetry } = settings;
  const report = (message: string): void =>
    context.output.progress(context.output.colors.dim(message));
  const lease = await openService(settings, { needWorkers, report });
  try {
    const server = { ...lease.connection, tracing: telemetry.isTraced };
    const client = await AnnealClient.connect({ ...server, store, taskQueue });
    try {
      const isEmbedded = settings.temporal.mode === 'embedded';
      return await Promise.race([body({ ...workplace, client, lease, isEmbedded }), lease.lost]);
    } finally {
      await client.close();
    }
  } finally {
    await lease.close();
  }
}
