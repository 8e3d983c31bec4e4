// Copies of distant artifacts on this machine, shared by its processes.
//
// C1. A copy appears whole: it is made beside and renamed. Its name follows from what it is a copy of, in which
//     version, so an outdated copy is never found.
// C2. Of callers that want the same copy at once, in one process or several, one makes it.
// C3. When copies take more than they may, those not used for longest are removed; never one that a caller
//     still uses, nor one used within the last hour (its user may have died, and its task gone on).

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock } from '#process-lock';
import { guarded, systemCode, unlessMissing } from '../local/guarded.js';
import { removeTree } from '../local/remove-tree.js';
import { KeptCopies } from './kept-copies.js';

/** Longer than any worker is away from a task that it finds again. */
const IDLE_MS = 60 * 60 * 1000;
const LOCK_WAIT_MS = 1000;
/** Longer than any download takes. */
const LEFTOVER_MS = 7 * 24 * 60 * 60 * 1000;
const UNFINISHED = /^\.[0-9a-f-]{36}$/;

export interface CopyRequest {
  /** Hash of address and version: 32 hex digits. */
  readonly id: string;
  /** Last part of the copy's path. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Writes the copy at a path that does not exist yet. */
  readonly make: (path: string) => Promise<void>;
  /** The copy is used until this is aborted (C3). */
  readonly inUse?: AbortSignal;
}

export interface CopyCacheOptions {
  readonly folder: string;
  readonly limitBytes: number;
  readonly now: () => number;
}

export class CopyCache {
  private readonly underway = new Map<string, Promise<void>>();
  private readonly kept: KeptCopies;

  constructor(private readonly options: CopyCacheOptions) {
    this.kept = new KeptCopies((id) => this.touch(id));
  }

  /** Finds or makes a copy. @returns its path. @throws what `make` throws; E_STORE_FULL */
  async copy(request: CopyRequest): Promise<string> {
    const { id, name, inUse } = request;
    this.kept.keep(id, inUse);
    while (!(await this.touch(id))) {
      const other = this.underway.get(id);
      if (other === undefined) await this.makeOnce(request);
      else await other.catch((error: unknown) => rethrowUnlessAborted(error)); // its caller lost interest
    }
    return join(this.folderOf(id), name);
  }

  private async makeOnce(request: CopyRequest): Promise<void> {
    const making = this.make(request).finally(() => this.underway.delete(request.id));
    this.underway.set(request.id, making);
    await making;
  }

  /** Makes a copy under the lock of its name (C2). */
  private async make(request: CopyRequest): Promise<void> {
    const { folder } = this.options;
    const { id, name, inUse } = request;
    await guarded('make', folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
    const unlock = await this.lock(id, inUse);
    const temporary = join(folder, `.${randomUUID()}`);
    try {
      if (await this.touch(id)) return;
      await guarded('make', temporary, () => mkdir(temporary, { mode: 0o700 }));
      await this.makeRoom(request.sizeBytes);
      await request.make(join(temporary, name));
      await guarded('write', temporary, async () => {
        await writeFile(this.sizeFileOf(id), String(request.sizeBytes), { mode: 0o600 });
        await rename(temporary, this.folderOf(id));
      });
    } finally {
      unlock();
      await removeTree(temporary).catch(() => undefined);
    }
  }

  /** Removes idle copies, the longest unused first, until another of so many bytes fits (C3). */
  async makeRoom(sizeBytes: number): Promise<void> {
    await this.removeLeftovers();
    const copies = await this.list();
    let total = copies.reduce((sum, copy) => sum + copy.sizeBytes, sizeBytes);
    for (const copy of copies) {
      if (total <= this.options.limitBytes) return;
      if (this.options.now() - copy.usedAtMs < IDLE_MS || this.kept.has(copy.id)) continue;
      if (await this.evict(copy.id)) total -= copy.sizeBytes;
    }
  }

  /** Another process may take the copy up at this moment: it is put back then. */
  private async evict(id: string): Promise<boolean> {
    const aside = join(this.options.folder, `.${randomUUID()}`);
    const gone = await unlessMissing(() => rename(this.folderOf(id), aside).then(() => true));
    if (gone === undefined) return false;
    const { mtimeMs } = await stat(aside);
    if (this.options.now() - mtimeMs < IDLE_MS) {
      await rename(aside, this.folderOf(id)).catch(() => undefined);
      return false;
    }
    await rm(this.sizeFileOf(id), { force: true });
    await removeTree(aside);
    return true;
  }

  /** What processes that died left half-made. */
  private async removeLeftovers(): Promise<void> {
    const { folder, now } = this.options;
    for (const name of await readdir(folder)) {
      if (!UNFINISHED.test(name)) continue;
      const found = await unlessMissing(() => stat(join(folder, name)));
      if (found !== undefined && now() - found.mtimeMs > LEFTOVER_MS) {
        await removeTree(join(folder, name));
      }
    }
  }

  private async list(): Promise<{ id: string; sizeBytes: number; usedAtMs: number }[]> {
    const { folder } = this.options;
    const names = (await unlessMissing(() => readdir(folder))) ?? [];
    const copies = await Promise.all(
      names
        .filter((name) => /^[0-9a-f]{32}$/.test(name))
        .map(async (id) => {
          const found = await unlessMissing(() => stat(join(folder, id)));
          const size = await unlessMissing(() => readFile(this.sizeFileOf(id), 'utf8'));
          return { id, sizeBytes: Number(size ?? 0), usedAtMs: found?.mtimeMs ?? 0 };
        }),
    );
    return copies.sort((left, right) => left.usedAtMs - right.usedAtMs);
  }

  private async lock(id: string, inUse: AbortSignal | undefined): Promise<() => void> {
    for (;;) {
      inUse?.throwIfAborted();
      const file = join(this.options.folder, '.locks', id);
      const release = await acquireLock(file, { waitMs: LOCK_WAIT_MS });
      if (release !== undefined) return release;
    }
  }

  /** Says that a copy is used now. @returns false when it is not there */
  private async touch(id: string): Promise<boolean> {
    const now = this.options.now() / 1000;
    try {
      await utimes(this.folderOf(id), now, now);
      return true;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  private folderOf(id: string): string {
    return join(this.options.folder, id);
  }

  private sizeFileOf(id: string): string {
    return join(this.options.folder, `${id}.size`);
  }
}

function rethrowUnlessAborted(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
