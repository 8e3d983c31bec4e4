// Digests one file.
//
// D1. What was hashed is what is there: a file that changes meanwhile is an error, never a digest.
// D2. A file is skipped only when it is larger than SEAL_BYTES and its size, inode, mtime and ctime are those
//     recorded at its last hashing. Programs can set mtime back but not ctime. Smaller files are always read,
//     so flipped bits in them are found.

import { createHash } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { storageErrors } from '../../errors/index.js';

/** Files above this size need not be read again while their seal holds (D2): 64 MiB hash in about 0.1 s. */
export const SEAL_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** A file's digest and the state of the file it holds for. Nanoseconds and inode as decimal text. */
export interface FileSeal {
  readonly hex: string;
  readonly sizeBytes: number;
  readonly inode: string;
  readonly modifiedNs: string;
  readonly changedNs: string;
}

export interface DigestFileOptions {
  /** Sync the file's bytes to disk. */
  readonly durable?: boolean;
  /** What is known from an earlier hashing (D2). */
  readonly seal?: FileSeal;
}

/** Hashes a regular file in chunks; a link, device or pipe at `path` is refused (E_ARTIFACT). */
export async function digestFile(path: string, options: DigestFileOptions): Promise<FileSeal> {
  // Non-blocking: opening a pipe that nobody writes to would wait for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw storageErrors.artifactRefused(path, 'it is not a regular file');
    if (options.durable) await file.sync();
    if (options.seal !== undefined && isIntact(options.seal, before)) return options.seal;
    const hex = await hashBytes(file, Number(before.size));
    const seal = sealOf(hex, before);
    if (!isSameState(seal, await file.stat({ bigint: true }))) {
      throw storageErrors.artifactChanging(path);
    }
    return seal;
  } finally {
    await file.close();
  }
}

async function hashBytes(file: FileHandle, sizeBytes: number): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, sizeBytes + 1));
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
  }
}

function sealOf(hex: string, stats: BigIntStats): FileSeal {
  return {
    hex,
    sizeBytes: Number(stats.size),
    inode: String(stats.ino),
    modifiedNs: String(stats.mtimeNs),
    changedNs: String(stats.ctimeNs),
  };
}

function isIntact(seal: FileSeal, stats: BigIntStats): boolean {
  return seal.sizeBytes > SEAL_BYTES && isSameState(seal, stats);
}

function isSameState(seal: FileSeal, stats: BigIntStats): boolean {
  const now = sealOf(seal.hex, stats);
  return (
    now.sizeBytes === seal.sizeBytes &&
    now.inode === seal.inode &&
    now.modifiedNs === seal.modifiedNs &&
    now.changedNs === seal.changedNs
  );
}
