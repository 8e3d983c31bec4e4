// The archive of a model, for endpoints and for registries that name the bytes they show.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UploadModelArchive } from './archive-upload.js';
import { packModel, verifyModel } from './model-archive.js';

/** Where model.tar.gz is; its only file's name when the model is a single file. */
export interface ModelArchive {
  readonly uri: string;
  readonly fileName?: string;
}

interface ArchiveContext {
  readonly signal: AbortSignal;
  readonly progress?: (state: string) => void;
}

/**
 * Packs a model and uploads it, unless that was done for these bytes before: a deployment and the registry's mirror share
 * one archive.
 *
 * @throws E_ARTIFACT when they changed
 */
export async function archiveModel(
  model: { readonly path: string; readonly digest: string },
  upload: UploadModelArchive,
  { signal, progress }: ArchiveContext,
): Promise<ModelArchive> {
  const { path, digest: modelDigest } = model;
  const { files, fileName } = await verifyModel(path, modelDigest);
  const folder = await mkdtemp(join(tmpdir(), 'anneal-archive-'));
  const pack = async (): Promise<string> => {
    const archivePath = join(folder, 'model.tar.gz');
    progress?.('packing the model');
    await packModel({ files, fileName }, archivePath);
    progress?.('uploading the model');
    return archivePath;
  };
  try {
    return { fileName, uri: await upload({ pack, modelDigest, signal }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
