// Copies artifacts of a run to MLflow.
//
// U1. Only through a server that keeps artifacts itself (`mlflow server --serve-artifacts`): no credential of another
//     store is asked for. Where it does not, that is said, and the rest is tracked all the same.
// U2. A file that is there already, of the same size, is not sent again: a copy goes on where it was cut off.

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactRef } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { JsonObject } from '../util/index.js';
import type { TrackedRun } from './find-tracked-run.js';
import type { MlflowClient } from './mlflow-client.js';
import { scalarText } from './scalar-text.js';

const PROXY = 'mlflow-artifacts:';
const EXTENSIONS: Readonly<Record<string, string>> = {
  'system.HTML': '.html',
  'system.Markdown': '.md',
};

export interface UploadTools {
  readonly client: MlflowClient;
  readonly store: ArtifactStore;
  readonly signal: AbortSignal;
}

/** An artifact with where it was made. */
export interface MadeArtifact {
  readonly task: string;
  /** Name of the output. */
  readonly output: string;
  readonly artifact: ArtifactRef;
}

/** Whether a run's artifacts go through MLflow's own server (U1). */
export function takesArtifacts({ artifactUri }: TrackedRun): boolean {
  return artifactUri.startsWith(PROXY);
}

/** What to do about a server that takes none (U1). */
export function whyNotUploaded({ artifactUri }: TrackedRun): string {
  return `MLflow keeps its artifacts at ${artifactUri} and takes none itself, so models and pages were not copied: start it with --serve-artifacts and --artifacts-destination.`;
}

/** Where an artifact of a run is kept: its address in MLflow. */
export function artifactAddress(
  run: TrackedRun,
  { task, output }: Omit<MadeArtifact, 'artifact'>,
): string {
  return `${run.artifactUri}/${task}/${output}`;
}

/** Uploads an artifact of the store under `<task>/<output>` of a run (U2). @throws E_MLFLOW, E_STORE */
export async function uploadArtifact(
  run: TrackedRun,
  { task, output, artifact }: MadeArtifact,
  { client, store, signal }: UploadTools,
): Promise<void> {
  const root = new URL(run.artifactUri).pathname.replace(/^\/+/, '');
  const local = await store.localPath(artifact.uri, signal);
  const place = `${task}/${output}`;
  const isFolder = (await stat(local)).isDirectory();
  const names = isFolder ? await filesBelow(local) : [''];
  const known = new Map<string, Promise<ReadonlyMap<string, number>>>();
  for (const name of names) {
    const target = isFolder ? `${place}/${name}` : `${place}${EXTENSIONS[artifact.type] ?? ''}`;
    const file = path.join(local, name);
    const { size: sizeBytes } = await stat(file);
    const folder = path.posix.dirname(target);
    if (!known.has(folder)) known.set(folder, sizesIn(client, run, folder));
    if ((await known.get(folder)!).get(target) === sizeBytes) continue; // U2
    await client.upload(`${root}/${target}`, { path: file, sizeBytes });
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** Sizes of the files of a folder of a run, by path. */
async function sizesIn(
  client: MlflowClient,
  { id }: TrackedRun,
  folder: string,
): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  let token = '';
  do {
    const query = { run_id: id, path: folder, ...(token !== '' && { page_token: token }) };
    const { files = [], next_page_token: next = '' } = await client.get('artifacts/list', query);
    for (const file of files as readonly JsonObject[]) {
      if (file['is_dir'] !== true) sizes.set(scalarText(file['path']), Number(file['file_size']));
    }
    token = scalarText(next);
  } while (token !== '');
  return sizes;
}
