// The attempt's folder inside the store, at its final place.
//
// T1. Outputs become visible through the manifest alone; publish makes them durable and read-only before that.
// T2. What is published is protected: see protect-tree.ts.

import { dirname } from 'node:path';
import { storageErrors } from '../../errors/index.js';
import type { Staging, StoredContent } from '../artifact-store.js';
import { assertStoreKey } from '../store-key.js';
import { listArtifactFiles, type ArtifactFiles } from './artifact-files.js';
import { assertNoLinkAbove, pathOfKey } from './contained-path.js';
import { digestFiles } from './digest-content.js';
import { syncFolder } from './durable-folder.js';
import { guarded } from './guarded.js';
import { protectTree } from './protect-tree.js';
import { removeTree } from './remove-tree.js';
import type { SealBook } from './seal-book.js';

export interface LocalStagingOptions {
  readonly root: string;
  readonly key: string;
  readonly uriOf: (key: string) => string;
  readonly seals: SealBook;
  readonly temporaryFolder: string;
}

export class LocalStaging implements Staging {
  readonly folder: string;
  readonly uri: string;

  constructor(private readonly options: LocalStagingOptions) {
    this.folder = pathOfKey(options.root, options.key);
    this.uri = options.uriOf(options.key);
  }

  outputUri(relativePath: string): string {
    return this.options.uriOf(this.keyBelow(relativePath));
  }

  async publish(relativePath: string): Promise<StoredContent | undefined> {
    const key = this.keyBelow(relativePath);
    const path = pathOfKey(this.options.root, key);
    return guarded('publish', path, async () => {
      await assertNoLinkAbove(this.options.root, path);
      const tree = await listArtifactFiles(path);
      if (tree === undefined) return undefined;
      await protectTree(tree, this.options.temporaryFolder);
      const { content, seals } = await digestFiles(tree, { durable: true });
      await this.syncFolders(tree, path);
      await this.options.seals.remember(key, seals);
      return content;
    });
  }

  adopt(): Promise<never> {
    return Promise.reject(storageErrors.storeOfOneMachine(this.folder));
  }

  /** The folder is the store's own place of the attempt: it stays. */
  release(): Promise<void> {
    return Promise.resolve();
  }

  async discard(): Promise<void> {
    await guarded('remove', this.folder, async () => {
      await assertNoLinkAbove(this.options.root, this.folder);
      await removeTree(this.folder);
      await this.options.seals.forget(this.options.key);
    });
  }

  private keyBelow(relativePath: string): string {
    const key = `${this.options.key}/${relativePath}`;
    assertStoreKey(key);
    return key;
  }

  private async syncFolders(tree: ArtifactFiles, path: string): Promise<void> {
    for (const folder of tree.folders) await syncFolder(folder);
    for (let folder = dirname(path); folder.startsWith(this.folder); folder = dirname(folder)) {
      await syncFolder(folder);
    }
  }
}
