// Packs a model as SageMaker wants it: model.tar.gz.
//
// A2. Equal models give equal archives: entries in the canonical order of the artifact's digest, no
//     times, no owners, one mode.
// A3. Bytes that are not the recorded ones are not packed.

import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import { deployErrors } from '../../errors/index.js';
import { digestContent, type ArtifactFile } from '../../storage/local/index.js';
import { listModelFiles } from '../model-files.js';

const ENTRY = { mode: 0o644, uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) };

/** A model whose bytes are those of its digest. */
export interface VerifiedModel {
  readonly files: readonly ArtifactFile[];
  /** The file's name, when the model is a single file. */
  readonly fileName?: string;
}

/** Checks a model's bytes (A3). @throws E_ARTIFACT when it is missing, empty, or not the bytes of `modelDigest` */
export async function verifyModel(modelPath: string, modelDigest: string): Promise<VerifiedModel> {
  const { kind, files } = await listModelFiles(modelPath);
  const found = (await digestContent(modelPath))?.content;
  if (found?.digest !== modelDigest) {
    throw deployErrors.modelDamaged(`its bytes are ${found?.digest}, not ${modelDigest}`, {
      modelPath,
    });
  }
  if (found.sizeBytes === 0) throw deployErrors.modelDamaged('it is empty', { modelPath });
  return { files, ...(kind === 'file' ? { fileName: basename(modelPath) } : {}) };
}

/** Writes `model.tar.gz` to `archivePath`. */
export async function packModel(
  { files, fileName }: VerifiedModel,
  archivePath: string,
): Promise<void> {
  const archive = pack();
  await Promise.all([
    pipeline(archive, createGzip(), createWriteStream(archivePath, { mode: 0o600, flags: 'wx' })),
    addFiles(archive, files, fileName),
  ]);
}

async function addFiles(
  archive: Pack,
  files: readonly ArtifactFile[],
  fileName: string | undefined,
): Promise<void> {
  try {
    for (const { path, relativePath } of files) {
      const { size } = await stat(path);
      const entry = archive.entry({ ...ENTRY, name: fileName ?? relativePath, size });
      await pipeline(createReadStream(path), entry);
    }
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
    throw error;
  }
}
