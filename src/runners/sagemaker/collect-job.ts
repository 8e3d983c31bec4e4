// Takes over what a job left in the store.
//
// C1. Trees stay where the job put them; only small documents come to this machine: executor_output.json and the
//     files of parameters.
// C2. The job's own digests, where it wrote them, are what the bytes in the bucket are compared with.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { jobFailed } from '../../errors/jobs.js';
import { valueTooLarge } from '../../errors/task.js';
import type { ArtifactStore, StoredContent } from '../../storage/index.js';
import type { LaunchOutcome, LaunchSpec } from '../runner.js';
import { contentOf, parseDigests } from './job-digests.js';
import type { JobObject, JobObjects } from './job-objects.js';
import { bucketAndKey } from './job-inputs.js';
import type { JobView } from './job.js';

/** The launcher's own folder within the task's: see sagemaker_job.sh. */
export const STATE_FOLDER = '_anneal';
const DOCUMENT = /^(executor_output\.json|parameters\/[^/]+)$/;
/** As task-contract allows: an executor output is metadata and parameters. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

type Collected = Required<Pick<LaunchOutcome, 'transferred' | 'transferredBelow'>>;

/** Brings the documents here and names the trees. @throws E_RUNNER, E_VALUE_SIZE, E_STORE */
export async function collectJob(
  view: JobView,
  spec: LaunchSpec,
  { store, objects }: { readonly store: ArtifactStore; readonly objects: JobObjects },
): Promise<Collected> {
  const result = view.resultUri ?? '';
  if (!result.startsWith(`${spec.stagingUri}/`)) {
    throw jobFailed(spec.id.task, view.name, `its outputs are at ${result || 'no known place'}.`);
  }
  const [bucket, key] = bucketAndKey(result)!;
  const resultKey = store.keyOf(result)!;
  const found = (await objects.below(bucket, `${key}/`)).map((object) => ({
    ...object,
    key: object.key.slice(key.length + 1),
  }));
  for (const document of found.filter((object) => DOCUMENT.test(object.key))) {
    await fetchDocument(document, `${resultKey}/${document.key}`, { spec, store });
  }
  const listing = await store.get(`${resultKey}/${STATE_FOLDER}/digests`);
  const digests = parseDigests(listing && new TextDecoder().decode(listing));
  return {
    transferred: treesOf(found, digests),
    transferredBelow: result.slice(spec.stagingUri.length + 1),
  };
}

/** What the task said of its failure, when it arrived. */
export async function fetchReport(
  view: JobView,
  store: ArtifactStore,
): Promise<string | undefined> {
  const key = view.outputUri === undefined ? undefined : store.keyOf(view.outputUri);
  const bytes = key && (await store.get(`${key}/${STATE_FOLDER}/error.json`));
  return bytes ? new TextDecoder().decode(bytes) : undefined;
}

async function fetchDocument(
  { key, sizeBytes }: JobObject,
  storeKey: string,
  { spec, store }: { readonly spec: LaunchSpec; readonly store: ArtifactStore },
): Promise<void> {
  if (sizeBytes > MAX_DOCUMENT_BYTES) throw valueTooLarge(key, sizeBytes, MAX_DOCUMENT_BYTES);
  const bytes = await store.get(storeKey);
  if (bytes === undefined) return;
  const local = path.join(spec.folder, ...key.split('/'));
  await mkdir(path.dirname(local), { recursive: true, mode: 0o700 });
  await writeFile(local, bytes, { mode: 0o600 });
}

/** Everything else, by its output; what the job listed and did not bring is among them, and will be missed. */
function treesOf(
  objects: readonly JobObject[],
  digests: ReadonlyMap<string, string>,
): Map<string, StoredContent | undefined> {
  const trees = new Map<string, JobObject[]>();
  for (const path of digests.keys()) if (isTree(path)) trees.set(treeOf(path), []);
  for (const object of objects.filter(({ key }) => isTree(key))) {
    const tree = treeOf(object.key);
    trees.set(tree, [...(trees.get(tree) ?? []), object]);
  }
  return new Map([...trees].map(([tree, files]) => [tree, contentOf(tree, files, digests)]));
}

function isTree(path: string): boolean {
  return !DOCUMENT.test(path) && !path.startsWith(`${STATE_FOLDER}/`);
}

/** `outputs/<name>`, or another first segment. */
function treeOf(path: string): string {
  const segments = path.split('/');
  return segments.slice(0, segments[0] === 'outputs' ? 2 : 1).join('/');
}
