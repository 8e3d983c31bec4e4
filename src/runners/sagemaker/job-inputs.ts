// The inputs of a task as SageMaker fetches them.
//
// I1. Every object is named: a manifest lists keys, where a key prefix would bring `data-2` along with `data`.
// I2. One manifest a bucket, so that a task may have any number of inputs (a job may have 10, a training job 20).
//     A task sees an input at <folder of the bucket>/<key>.

import type { ArtifactStore } from '../../storage/index.js';
import type { LaunchSpec } from '../runner.js';
import type { TaskFile } from '../task-files.js';
import type { JobObjects } from './job-objects.js';
import { LAUNCH_FOLDER } from './launch-document.js';

/** The manifest of the inputs that lie in one bucket. */
export interface BucketInput {
  readonly bucket: string;
  /** Address of the manifest. */
  readonly manifestUri: string;
}

/** Splits `s3://bucket/key`. */
export function bucketAndKey(uri: string): readonly [bucket: string, key: string] | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  return bucket === undefined || key === undefined ? undefined : [bucket, key];
}

/** Path of an input below the folder that inputs are fetched to (I2). */
export function seenInputPath(
  inputs: string,
  { uri, sourceUri }: Omit<TaskFile, 'seenPath'>,
): string {
  const place = bucketAndKey(sourceUri ?? uri);
  return place === undefined ? uri : `${inputs}/${place[0]}/${place[1].replace(/\/+$/, '')}`;
}

/** Writes the manifests of a task's inputs, in the order of their buckets' names. @throws E_STORE, E_AWS_CONFIG */
export async function writeInputManifests(
  spec: LaunchSpec,
  stagingKey: string,
  { store, objects }: { readonly store: ArtifactStore; readonly objects: JobObjects },
): Promise<BucketInput[]> {
  const keys = new Map<string, Set<string>>();
  for (const { sourceUri } of spec.files.inputs) {
    const [bucket, key] = bucketAndKey(sourceUri ?? '') ?? [];
    if (bucket === undefined || key === undefined) continue;
    const listed = keys.get(bucket) ?? new Set();
    keys.set(bucket, listed);
    for (const each of await objectsAt(bucket, key, objects)) listed.add(each);
  }
  const written: BucketInput[] = [];
  const filled = [...keys].filter(([, { size }]) => size > 0);
  for (const [bucket, list] of filled.sort(([left], [right]) => (left < right ? -1 : 1))) {
    const key = `${stagingKey}/${LAUNCH_FOLDER}/inputs-${written.length}.json`;
    await store.put(key, JSON.stringify([{ prefix: `s3://${bucket}/` }, ...list]));
    written.push({ bucket, manifestUri: store.uriOf(key) });
  }
  return written;
}

/** Keys of the file, or of everything in the folder. */
async function objectsAt(bucket: string, key: string, objects: JobObjects): Promise<string[]> {
  const below = await objects.below(bucket, `${key.replace(/\/+$/, '')}/`);
  if (below.length === 0) return [key];
  // An empty object whose key ends with a slash marks a folder.
  return below.map((object) => object.key).filter((each) => !each.endsWith('/'));
}
