// The artifact store in a folder of this machine.
//
// L1. Folders are 0700 and files 0600 or 0400: other users of the machine see nothing.
// L2. Every path is checked for links before it is used (S5).

import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { storageErrors } from '../../errors/index.js';
import type {
  ArtifactStore,
  DownloadLink,
  ExternalContent,
  ExternalFolder,
  Staging,
  StoredContent,
  StoredObject,
} from '../artifact-store.js';
import { assertStoreKey } from '../store-key.js';
import { assertNoLinkAbove, pathOfKey } from './contained-path.js';
import { digestContent } from './digest-content.js';
import { ensureFolder } from './durable-folder.js';
import { guarded, systemCode, unlessMissing } from './guarded.js';
import { listFolderNames, listObjects } from './list-objects.js';
import { LocalStaging } from './local-staging.js';
import { removeTree } from './remove-tree.js';
import { SealBook } from './seal-book.js';
import { createDocument, replaceDocument } from './write-document.js';

export type OpenExternal = () => Promise<{
  fetch(uri: string, inUse?: AbortSignal): Promise<ExternalContent>;
  folder(uri: string): ExternalFolder;
}>;

export interface LocalStoreOptions {
  /** Absolute real path of the store. */
  readonly root: string;
  /** Folder for unfinished documents, on the same file system. */
  readonly temporaryFolder: string;
  readonly openExternal?: OpenExternal;
}

export class LocalStore implements ArtifactStore {
  private readonly root: string;
  private readonly temporaryFolder: string;
  private readonly seals: SealBook;
  private external: ReturnType<OpenExternal> | undefined;

  constructor(private readonly options: LocalStoreOptions) {
    this.root = options.root;
    this.temporaryFolder = options.temporaryFolder;
    this.seals = new SealBook(this.root, this.temporaryFolder);
  }

  uriOf(key: string): string {
    assertStoreKey(key);
    return pathToFileURL(pathOfKey(this.root, key)).href;
  }

  keyOf(uri: string): string | undefined {
    if (!uri.startsWith('file:///')) return undefined;
    try {
      const key = relative(this.root, fileURLToPath(uri)).split(sep).join('/');
      assertStoreKey(key);
      return key;
    } catch {
      return undefined; // not a file address, or a place that no key can name
    }
  }

  async put(
    key: string,
    bytes: Uint8Array | string,
    options: { readonly ifAbsent?: boolean } = {},
  ): Promise<boolean> {
    const path = this.pathOf(key);
    return guarded('write', path, async () => {
      await assertNoLinkAbove(this.root, path);
      if (dirname(path) !== this.root) await ensureFolder(this.root, dirname(path));
      if (options.ifAbsent) return createDocument(this.temporaryFolder, path, bytes);
      await replaceDocument(this.temporaryFolder, path, bytes);
      return true;
    });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const path = this.pathOf(key);
    return guarded('read', path, async () => {
      await assertNoLinkAbove(this.root, path);
      return readWhole(path);
    });
  }

  list(folder: string): AsyncIterable<StoredObject> {
    return listObjects(this.folderPathOf(folder), folder);
  }

  async listFolders(folder: string): Promise<readonly string[]> {
    return listFolderNames(this.folderPathOf(folder));
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    await guarded('remove', path, async () => {
      await assertNoLinkAbove(this.root, path);
      await removeTree(path);
      await this.seals.forget(key);
    });
  }

  async stage(key: string): Promise<Staging> {
    assertStoreKey(key);
    const { root, seals, temporaryFolder } = this;
    const staging = new LocalStaging({
      root,
      key,
      seals,
      temporaryFolder,
      uriOf: (outputKey) => this.uriOf(outputKey),
    });
    await guarded('make', staging.folder, async () => {
      await assertNoLinkAbove(root, staging.folder);
      await ensureFolder(root, staging.folder);
    });
    return staging;
  }

  async localPath(uri: string): Promise<string> {
    const path = this.pathOf(this.ownKey(uri));
    return guarded('read', path, async () => {
      await assertNoLinkAbove(this.root, path);
      const found = await unlessMissing(() => lstat(path));
      if (found === undefined) throw storageErrors.artifactMissing(uri);
      if (found.isFile() || found.isDirectory()) return path;
      throw storageErrors.artifactRefused(path, 'it is neither a file nor a folder');
    });
  }

  async inspect(uri: string): Promise<StoredContent | undefined> {
    const key = this.ownKey(uri);
    const path = this.pathOf(key);
    return guarded('read', path, async () => {
      await assertNoLinkAbove(this.root, path);
      const digested = await digestContent(path, { seals: await this.seals.recall(key) });
      return digested?.content;
    });
  }

  async fetchExternal(uri: string, inUse?: AbortSignal): Promise<ExternalContent> {
    return (await this.externalFor(uri)).fetch(uri, inUse);
  }

  async openExternalFolder(uri: string): Promise<ExternalFolder> {
    return (await this.externalFor(uri)).folder(uri);
  }

  /** @throws E_ARTIFACT where nothing outside can be read */
  private externalFor(uri: string): ReturnType<OpenExternal> {
    const { openExternal } = this.options;
    if (openExternal === undefined) {
      const here = pathToFileURL(this.root).href;
      return Promise.reject(storageErrors.artifactElsewhere(uri, here));
    }
    return (this.external ??= openExternal());
  }

  downloadLinks(): Promise<readonly DownloadLink[]> {
    return Promise.reject(storageErrors.folderStoreLacks('give download links'));
  }

  private pathOf(key: string): string {
    assertStoreKey(key);
    return pathOfKey(this.root, key);
  }

  private folderPathOf(folder: string): string {
    return folder === '' ? this.root : this.pathOf(folder);
  }

  private ownKey(uri: string): string {
    const key = this.keyOf(uri);
    if (key === undefined) {
      throw storageErrors.artifactElsewhere(uri, pathToFileURL(this.root).href);
    }
    return key;
  }
}

async function readWhole(path: string): Promise<Uint8Array | undefined> {
  const file = await unlessMissing(() => open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  try {
    return await file?.readFile();
  } catch (error) {
    if (systemCode(error) === 'EISDIR') return undefined; // a folder is no document
    throw error;
  } finally {
    await file?.close();
  }
}
