import { readFile } from 'node:fs/promises';
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
    const text = await readFile(await store.localPath(`${model.uri}/model.json`), 'utf8');
    const { sample } = JSON.parse(text) as { sample?: Readonly<Record<string, unknown>> };
    if (sample === undefined) return undefined;
    return { contentType: 'text/csv', body: Object.values(sample).map(csvCell).join(',') };
  } catch {
    return undefined; // a convenience only: a model from elsewhere has no such file
  }
}

/** Quotes a cell as RFC 4180 section 2 asks. */
function csvCell(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function deployedModel({ deployment, tasks }: RunView): ArtifactRef | undefined {
  if (deployment?.status !== 'promoted') return undefined;
  return tasks
    .flatMap(({ outputs }) => Object.values(outputs?.artifacts ?? {}).flat())
    .find(({ type, digest }) => type === 'system.Model' && digest === deployment.modelDigest);
}
