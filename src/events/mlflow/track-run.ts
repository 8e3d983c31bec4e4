// A run in MLflow: made when ours starts, filled and closed when it ends.
//
// T1. Any part may happen twice, or stop in the middle and begin again: the outcome is one run of MLflow with each
//     value once. Its end is set last: a run that MLflow calls finished has everything.

import type { MlflowTarget } from '../../config/index.js';
import type { RunEvent } from '../../contract/index.js';
import { readRunManifests, readRunRecord } from '../../lineage/index.js';
import {
  ensureExperiment,
  openMlflow,
  takesArtifacts,
  uploadArtifact,
  whyNotUploaded,
  type MadeArtifact,
  type TrackedRun,
  type UploadTools,
} from '../../mlflow/index.js';
import { pushRunModel } from '../../models/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import { logFacts } from './log-facts.js';
import { placeRun } from './place-run.js';
import { runFacts } from './run-facts.js';

export interface TrackingTools {
  readonly store: ArtifactStore;
  readonly signal: AbortSignal;
  /** Id of the hook. */
  readonly hook: string;
  /** Takes sentences about what was left out. */
  readonly warn: (sentence: string) => void;
}

/** Tells MLflow of a run's start or end; of other events it needs no word. @throws E_MLFLOW, E_SECRET, E_STORE */
export async function trackRun(
  event: RunEvent,
  target: MlflowTarget,
  tools: TrackingTools,
): Promise<void> {
  if (!event.type.startsWith('run.')) return;
  const { store, signal, hook, warn } = tools;
  const client = await openMlflow(target, signal);
  const experiment = await ensureExperiment(client, target.experiment ?? event.run.pipeline);
  const run = await placeRun(event, { client, store, experiment, hook });
  if (event.type === 'run.started') return;
  const { runId } = event.run;
  const view = await readRunRecord(store, runId);
  const facts = runFacts({ event, view, manifests: await readRunManifests(store, runId) });
  const warnings = [
    ...(await logFacts(client, run, facts)),
    ...(await uploadFiles(run, facts.files, { client, store, signal })),
  ];
  if (warnings.length > 0) {
    const tag = { run_id: run.id, key: 'anneal.warning', value: warnings.join(' ') };
    await client.post('runs/set-tag', tag);
    warnings.forEach(warn);
  }
  await pushRunModel(event, target, { store, signal });
  const { status, endTime } = facts;
  await client.post('runs/update', { run_id: run.id, status, end_time: endTime }); // T1
}

/** Copies the files of a run. @returns why none were copied, as sentences */
async function uploadFiles(
  run: TrackedRun,
  files: readonly MadeArtifact[],
  tools: UploadTools,
): Promise<string[]> {
  const ours = files.filter(({ artifact }) => tools.store.keyOf(artifact.uri) !== undefined);
  if (ours.length > 0 && !takesArtifacts(run)) return [whyNotUploaded(run)];
  for (const file of ours) await uploadArtifact(run, file, tools);
  return [];
}
