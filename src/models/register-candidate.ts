// A model that a run offers becomes a version.
//
// V1. The same bytes are one version of a name, whichever run offers them and however often. A writer creates version
//     n+1 only after it has read versions 1 to n, and loses to whoever made n+1 first.

import type { ArtifactRef } from '../contract/index.js';
import { encodeRecord, keys } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { appendEvent } from './append-event.js';
import { gatherFacts } from './gather-version.js';
import type { ModelVerdict } from './model-event.js';
import type { ModelRun, ModelVersion } from './model-version.js';
import { readVersions } from './read-model.js';

export interface Candidate {
  /** Name of the endpoint that it is offered to. */
  readonly name: string;
  readonly model: ArtifactRef & { readonly digest: string };
  readonly run: ModelRun;
  readonly instanceType?: string;
  /** What the gate decided. */
  readonly verdict: ModelVerdict;
  readonly reason?: string;
  /** Where the decision is on record in the store. */
  readonly decisionKey?: string;
}

/** Registers a model that was judged, with the verdict (V1). May be called again. @throws E_RECORD, E_STORE */
export async function registerCandidate(
  store: ArtifactStore,
  candidate: Candidate,
): Promise<ModelVersion> {
  const { name, run, verdict, reason, decisionKey } = candidate;
  const version = await claimVersion(store, candidate);
  await appendEvent(store, name, {
    kind: 'judged',
    version: version.version,
    by: `run ${run.runId}`,
    cause: `${run.runId}/${run.task}/${verdict}`,
    verdict,
    reason,
    decisionKey,
    runId: run.runId,
  });
  return version;
}

async function claimVersion(store: ArtifactStore, candidate: Candidate): Promise<ModelVersion> {
  const { name, model, run, instanceType } = candidate;
  for (;;) {
    const versions = await readVersions(store, name);
    const known = versions.find((version) => version.model.digest === model.digest);
    if (known !== undefined) return known;
    const created: ModelVersion = {
      schemaVersion: 1,
      name,
      version: (versions.at(-1)?.version ?? 0) + 1,
      model,
      run,
      ...(await gatherFacts(store, model.digest, run.runId)),
      ...(instanceType !== undefined && { instanceType }),
      createdAt: new Date().toISOString(),
    };
    const key = keys.modelVersionKey(name, created.version);
    if (await store.put(key, encodeRecord(created), { ifAbsent: true })) return created;
  }
}
