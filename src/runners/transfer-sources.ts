import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { TaskValues } from '../contract/index.js';
import { safeSegment, type ArtifactStore, type Staging } from '../storage/index.js';
import { localInputs } from './local-inputs.js';

/** Folder below the attempt for inputs that are files of this machine. */
const UPLOADS = 'imported';

/**
 * Where another machine gets each input from: its place in the store. Files of this machine are uploaded first,
 * beside the outputs of the attempt.
 *
 * @returns addresses in the store by the inputs' own addresses
 * @throws E_DIGEST when imported data is no longer what the importer recorded; E_UNSUPPORTED, E_STORE
 */
export async function transferSources(
  inputs: TaskValues,
  store: ArtifactStore,
  staging: Staging,
): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  const outside: Record<string, TaskValues['artifacts'][string]> = {};
  for (const artifact of Object.values(inputs.artifacts).flat()) {
    const { uri } = artifact;
    if (store.keyOf(uri) !== undefined || uri.startsWith('s3://')) sources.set(uri, uri);
    else if (uri.startsWith('file://')) outside[uri] = [artifact];
  }
  const locals = await localInputs({ parameters: {}, artifacts: outside }, store);
  for (const [index, [uri, local]] of [...locals].entries()) {
    const name = safeSegment(path.basename(local));
    sources.set(uri, await upload(local, `${UPLOADS}/${index}/${name}`, staging));
  }
  return sources;
}

async function upload(local: string, relativePath: string, staging: Staging): Promise<string> {
  const copy = path.join(staging.folder, relativePath);
  await mkdir(path.dirname(copy), { recursive: true, mode: 0o700 });
  await cp(local, copy, { recursive: true, force: true });
  await staging.publish(relativePath);
  return staging.outputUri(relativePath);
}
