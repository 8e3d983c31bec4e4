// What is kept of a run when it has ended: its final state, its environments and its certificate.
//
// K1. The certificate is made of what is stored already; that it cannot be made now does not fail a run that has
//     ended, for it can be made later (anneal lock).

import type { RunnerName, RunView } from '../contract/index.js';
import { isAnnealError } from '../errors/index.js';
import {
  buildLock,
  readEnvironment,
  readRunManifests,
  SpecReader,
  writeEnvironment,
  writeLock,
  writeRunRecord,
} from '../lineage/index.js';
import type { ActivityParts } from './activity-parts.js';

/** Keeps the final state of a run. @throws E_STORE, E_STORE_FULL */
export async function recordRun(parts: ActivityParts, view: RunView): Promise<void> {
  const { store, annealVersion: anneal } = parts;
  await writeRunRecord(store, view);
  try {
    const specs = new SpecReader(store);
    await recordEnvironments(parts, specs, view);
    const node = process.version;
    await writeLock(store, await buildLock(store, view, { specs, anneal, node }));
  } catch (error) {
    if (!isAnnealError(error)) throw error; // K1
  }
}

async function recordEnvironments(
  { store, runners }: ActivityParts,
  specs: SpecReader,
  { runId, digest: spec }: RunView,
): Promise<void> {
  const seen = new Set<string>();
  for (const manifest of await readRunManifests(store, runId)) {
    const { environmentDigest: digest, component, run } = manifest;
    if (digest === undefined || seen.has(digest)) continue;
    seen.add(digest);
    const code = await specs.code({ ...run, digest: spec }, component);
    const { container } = code?.executor ?? {};
    if (container === undefined || (await readEnvironment(store, digest)) !== undefined) continue;
    const { image = '', command = [], args = [] } = container;
    const choice = { image, command, args };
    const runner = await runners.get(manifest.runner as RunnerName);
    if (runner.describeEnvironment === undefined) continue;
    // An execution taken over may have run in an environment that is another one by now.
    if ((await runner.environmentDigest(choice)) !== digest) continue;
    await writeEnvironment(store, digest, await runner.describeEnvironment(choice));
  }
}
