// Where two stored artifacts begin to differ.

import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactRef } from '../../contract/index.js';
import { isAnnealError } from '../../errors/index.js';
import type { ArtifactStore } from '../../storage/index.js';

const CHUNK_BYTES = 1024 * 1024;

export interface ByteDifference {
  /** Path within the artifact; '' for a plain file. */
  readonly file: string;
  /** Offset of the first byte that differs, from 0; absent when the file is on one side only. */
  readonly offset?: number;
  readonly sizes: readonly [before: number | undefined, after: number | undefined];
}

/** @returns undefined when the bytes of one of them are not there any more */
export async function firstDifference(
  store: ArtifactStore,
  before: ArtifactRef,
  after: ArtifactRef,
): Promise<ByteDifference | undefined> {
  try {
    const [left, right] = [await store.localPath(before.uri), await store.localPath(after.uri)];
    const [files, others] = [await filesOf(left), await filesOf(right)];
    for (const file of [...new Set([...files, ...others])].sort()) {
      const difference = await compareFiles(path.join(left, file), path.join(right, file), file);
      if (difference !== undefined) return difference;
    }
    return undefined;
  } catch (error) {
    if (isAnnealError(error) && error.code === 'E_ARTIFACT') return undefined;
    throw error;
  }
}

/** Files of an artifact, relative; a plain file is ''. */
async function filesOf(artifact: string): Promise<string[]> {
  if (!(await stat(artifact)).isDirectory()) return [''];
  const entries = await readdir(artifact, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(artifact, path.join(entry.path, entry.name)));
}

async function compareFiles(
  left: string,
  right: string,
  file: string,
): Promise<ByteDifference | undefined> {
  const sizes = [await sizeOf(left), await sizeOf(right)] as const;
  if (sizes[0] === undefined || sizes[1] === undefined) return { file, sizes };
  const offset = await firstByte(left, right);
  return offset === undefined ? undefined : { file, offset, sizes };
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? found.size : undefined;
}

async function firstByte(left: string, right: string): Promise<number | undefined> {
  const files = [await open(left), await open(right)] as const;
  const buffers = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)] as const;
  try {
    for (let start = 0; ; start += CHUNK_BYTES) {
      const [one, other] = await Promise.all([
        files[0].read(buffers[0], 0, CHUNK_BYTES, start),
        files[1].read(buffers[1], 0, CHUNK_BYTES, start),
      ]);
      const length = Math.min(one.bytesRead, other.bytesRead);
      const [a, b] = [buffers[0].subarray(0, length), buffers[1].subarray(0, length)];
      if (!a.equals(b)) return start + a.findIndex((byte, index) => byte !== b[index]);
      if (one.bytesRead !== other.bytesRead) return start + length;
      if (length < CHUNK_BYTES) return undefined;
    }
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}
