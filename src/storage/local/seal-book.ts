// Remembers the state of large published files, so that verifying them costs a stat and not a read (D2).
//
// B1. A seal only saves time: a missing, damaged or outdated one means that the file is read.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureFolder } from './durable-folder.js';
import { SEAL_BYTES, type FileSeal } from './digest-file.js';
import type { FileSeals } from './digest-content.js';
import { removeTree } from './remove-tree.js';
import { replaceDocument } from './write-document.js';

export class SealBook {
  constructor(
    private readonly root: string,
    private readonly temporaryFolder: string,
  ) {}

  /** Keeps the seals of the files that are large enough to be worth it. */
  async remember(key: string, seals: FileSeals): Promise<void> {
    const large = [...seals].filter(([, seal]) => seal.sizeBytes > SEAL_BYTES);
    if (large.length === 0) return;
    const path = this.pathOf(key);
    await ensureFolder(this.root, dirname(path));
    await replaceDocument(this.temporaryFolder, path, JSON.stringify(Object.fromEntries(large)));
  }

  async recall(key: string): Promise<FileSeals> {
    try {
      const stored: unknown = JSON.parse(await readFile(this.pathOf(key), 'utf8'));
      return new Map(Object.entries(stored ?? {}).filter(isSealEntry));
    } catch {
      return new Map(); // B1
    }
  }

  /** Forgets a key and everything below it. */
  async forget(key: string): Promise<void> {
    await removeTree(this.folderOf(key));
  }

  private pathOf(key: string): string {
    return join(this.folderOf(key), '.seal'); // no key has such a segment
  }

  private folderOf(key: string): string {
    return join(this.root, '.seals', ...key.split('/'));
  }
}

function isSealEntry(entry: [string, unknown]): entry is [string, FileSeal] {
  const seal = entry[1] as Partial<Record<keyof FileSeal, unknown>> | null;
  return (
    typeof seal === 'object' &&
    seal !== null &&
    typeof seal.hex === 'string' &&
    /^[0-9a-f]{64}$/.test(seal.hex) &&
    typeof seal.sizeBytes === 'number'
  );
}
