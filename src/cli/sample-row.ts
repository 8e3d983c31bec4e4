import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactRef, RunView } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { SampleRow } from './output/run-summary.js';

/**
 * Reads the sample row that training wrote beside the deployed model (model.json).
 *
 * @returns undefined when the model has none: the summary then shows no example call
 */
export async function sampleRow(
  store: ArtifactStore,
  view: RunView,
): Promise<SampleRow | undefined> {
  const model = deployedModel(view);
  if (model === undefined) return undefined;
  try {
    const folder = await store.localPath(model.uri);
    const text = await readFile(path.join(folder, 'model.json'), 'utf8');
    const { sample } = JSON.parse(text) as { sample?: unknown };
    if (typeof sample !== 'object' || sample === null) return undefined;
    return {
      contentType: 'application/json',
      body: JSON.stringify({ instances: [sample] }),
    };
  } catch {
    return undefined; // a convenience only: a model from elsewhere has no such file
  }
}

function deployedModel({ deployment, tasks }: RunView): ArtifactRef | undefined {
  if (deployment?.status !== 'promoted') return undefined;
  return tasks
    .flatMap(({ outputs }) => Object.values(outputs?.artifacts ?? {}).flat())
    .find(({ type, digest }) => type === 'system.Model' && digest === deployment.modelDigest);
}
