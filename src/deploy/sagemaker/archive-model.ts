// The archive of a model, for endpoints and for registries that name the bytes they show.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UploadModelArchive } from './archive-upload.js';
import { packModel } from './model-archive.js';

/** Where model.tar.gz is; its only file's name when the model is a single file. */
export interface ModelArchive {
  readonly uri: string;
  readonly fileName?: string;
}

interface ArchiveContext {
  readonly signal: AbortSignal;
  readonly progress?: (state: string) => void;
}

/** Packs a model and uploads it, unless that was done for these bytes before. @throws E_ARTIFACT when they changed */
export async function archiveModel(
  model: { readonly path: string; readonly digest: string },
  upload: UploadModelArchive,
  { signal, progress }: ArchiveContext,
): Promise<ModelArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'anneal-archive-'));
  try {
    const path = join(folder, 'model.tar.gz');
    progress?.('packing the model');
    const packed = await packModel(model.path, model.digest, path);
    progress?.('uploading the model');
    return { ...packed, uri: await upload({ path, modelDigest: model.digest, signal }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
