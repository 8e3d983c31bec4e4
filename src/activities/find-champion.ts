import type { ArtifactRef } from '../contract/index.js';
import type { ChampionFact } from '../deploy/index.js';
import { isAnnealError } from '../errors/index.js';
import { fittedOn, lineageOf, type Lineage } from '../lineage/index.js';
import { verifyArtifact, type ArtifactStore } from '../storage/index.js';
import type { ActivityParts } from './activity-parts.js';
import { mayUnpickle } from './check-model.js';

/** The model that an endpoint serves now. */
export interface Champion {
  readonly fact: ChampionFact;
  /** Set when it can be compared with: its bytes are in the store, intact. */
  readonly model?: ArtifactRef & { readonly digest: string };
  readonly mayUnpickle: boolean;
  /** What it was fitted on, as far as the bytes are still here. */
  readonly trainData: readonly ArtifactRef[];
}

/** Finds the champion of an endpoint: by its digest, whatever run made it. */
export async function findChampion(
  { store, deployer }: Pick<ActivityParts, 'store' | 'deployer'>,
  endpointName: string,
  challenger: string,
): Promise<Champion> {
  const none = { mayUnpickle: false, trainData: [] };
  const endpoint = (await deployer.list()).find(({ name }) => name === endpointName);
  if (endpoint === undefined || endpoint.status === 'stopped' || endpoint.status === 'failed') {
    return { ...none, fact: { state: 'none' } };
  }
  const digest = endpoint.modelDigest;
  if (digest === undefined) {
    const why = 'the endpoint does not say which model it serves';
    return { ...none, fact: { state: 'unknown', why } };
  }
  if (digest === challenger) return { ...none, fact: { state: 'same', digest } };
  const lineage = await lineageOf(store, digest);
  const model = await intactModel(store, lineage);
  if (model === undefined) {
    const why = 'its bytes are not in this store any more';
    return { ...none, fact: { state: 'unknown', digest, why } };
  }
  return {
    fact: { state: 'other', digest },
    model: { ...model, digest },
    mayUnpickle: mayUnpickle(lineage),
    trainData: await stillHere(store, await fittedOn(store, lineage)),
  };
}

async function intactModel(
  store: ArtifactStore,
  { digest, madeBy, reusedBy }: Lineage,
): Promise<ArtifactRef | undefined> {
  const outputs = [...madeBy, ...reusedBy].flatMap((made) =>
    Object.values(made.outputs.artifacts).flat(),
  );
  for (const artifact of outputs.filter((each) => each.digest === digest)) {
    if (await isIntact(store, artifact)) return artifact;
  }
  return undefined;
}

/** All of the data or nothing: a part of it would make known rows look unknown. */
async function stillHere(
  store: ArtifactStore,
  data: readonly ArtifactRef[],
): Promise<readonly ArtifactRef[]> {
  const intact = await Promise.all(data.map((artifact) => isIntact(store, artifact)));
  return intact.every(Boolean) ? data : [];
}

async function isIntact(store: ArtifactStore, { uri, digest }: ArtifactRef): Promise<boolean> {
  if (digest === undefined || store.keyOf(uri) === undefined) return false;
  try {
    await verifyArtifact(store, uri, digest);
    return true;
  } catch (error) {
    if (isAnnealError(error) && (error.code === 'E_ARTIFACT' || error.code === 'E_DIGEST')) {
      return false;
    }
    throw error;
  }
}
