// The artifact store in a bucket of S3, or of a server that speaks its protocol.
//
// S1. One object is written by one request, or by parts that become visible with the last: nothing partial.
// S2. A conditional create is S3's own (If-None-Match: *).
// S3. That no key is the folder of another follows from how records and outputs are named (lineage/keys.ts): S3 has
//     no folders that could refuse it, and asking before every write would double the requests.

import { GetObjectCommand } from '@aws-sdk/client-s3';
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
import { isStoreSegment } from '../store-key.js';
import { copyOf } from './copy-of.js';
import { digestRemote } from './digest-remote.js';
import { downloadTree } from './download-tree.js';
import { explained } from './explain-s3-failure.js';
import type { ExternalObjects } from './external-objects.js';
import { listBucket, listFolderNames, removeKeys } from './list-bucket.js';
import { readRemoteTree, type RemoteTree } from './remote-tree.js';
import type { S3Parts } from './s3-parts.js';
import { S3Staging } from './s3-staging.js';

export class S3Store implements ArtifactStore {
  constructor(
    private readonly parts: S3Parts,
    private readonly external: ExternalObjects,
  ) {}

  uriOf(key: string): string {
    return this.parts.place.uriOf(key);
  }

  keyOf(uri: string): string | undefined {
    return this.parts.place.keyOf(uri);
  }

  async put(
    key: string,
    bytes: Uint8Array | string,
    options: { readonly ifAbsent?: boolean } = {},
  ): Promise<boolean> {
    const fullKey = this.parts.place.fullKey(key);
    if (options.ifAbsent) return this.parts.bucket.create(fullKey, bytes);
    await this.parts.bucket.put(fullKey, bytes);
    return true;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.parts.bucket.get(this.parts.place.fullKey(key));
  }

  async *list(folder: string): AsyncGenerator<StoredObject> {
    const { place, bucket } = this.parts;
    for await (const object of listBucket(bucket, place.folderPrefix(folder))) {
      const key = object.key.slice(place.prefix.length);
      if (!key.split('/').every(isStoreSegment)) continue; // within folder artifacts names are free
      yield { key, sizeBytes: object.sizeBytes, modifiedAtMs: object.modifiedAtMs };
    }
  }

  async listFolders(folder: string): Promise<readonly string[]> {
    const { place, bucket } = this.parts;
    const names = await listFolderNames(bucket, place.folderPrefix(folder));
    return names.filter(isStoreSegment).sort();
  }

  async remove(key: string): Promise<void> {
    const { place, bucket } = this.parts;
    const fullKey = place.fullKey(key);
    await removeKeys(bucket, keysFrom(this.parts, fullKey));
  }

  async stage(key: string): Promise<Staging> {
    this.parts.place.fullKey(key);
    const folder = await this.parts.folders.open(key);
    return new S3Staging({ ...this.parts, key, folder, removeRemote: (each) => this.remove(each) });
  }

  async localPath(uri: string, inUse?: AbortSignal): Promise<string> {
    const { bucket, copies, folders } = this.parts;
    const key = this.ownKey(uri);
    const tree = await this.treeAt(key);
    if (tree !== undefined) {
      const make = (path: string): Promise<void> => downloadTree(bucket, tree, path, inUse);
      return copies.copy({ ...copyOf(bucket, this.parts.place.fullKey(key), tree, make), inUse });
    }
    // As in a folder store, what an attempt of this machine has not published yet can be read: its log.
    const staged = await folders.find(key);
    if (staged === undefined) throw storageErrors.artifactMissing(uri);
    return staged;
  }

  async inspect(uri: string): Promise<StoredContent | undefined> {
    const { bucket, versions } = this.parts;
    const tree = await this.treeAt(this.ownKey(uri));
    return tree && digestRemote(bucket, tree, { trustMetadata: true, versions });
  }

  fetchExternal(uri: string, inUse?: AbortSignal): Promise<ExternalContent> {
    return this.external.fetch(uri, inUse);
  }

  openExternalFolder(uri: string): Promise<ExternalFolder> {
    return Promise.resolve(uri).then((address) => this.external.folder(address));
  }

  async downloadLinks(uri: string, expiresSeconds: number): Promise<readonly DownloadLink[]> {
    const { bucket } = this.parts;
    const tree = await this.treeAt(this.ownKey(uri));
    if (tree === undefined) throw storageErrors.artifactMissing(uri);
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
    return Promise.all(
      tree.files.map(async ({ key, relativePath }) => {
        const command = new GetObjectCommand(bucket.at(key));
        const url = await explained('link to', bucket.uriOf(key), () =>
          getSignedUrl(bucket.client, command, { expiresIn: expiresSeconds }),
        );
        return { relativePath, url };
      }),
    );
  }

  private treeAt(key: string): Promise<RemoteTree | undefined> {
    return readRemoteTree(this.parts.bucket, this.parts.place.fullKey(key));
  }

  private ownKey(uri: string): string {
    const key = this.keyOf(uri);
    if (key === undefined) throw storageErrors.artifactElsewhere(uri, this.parts.place.uri);
    return key;
  }
}

/** A key and all below it. */
async function* keysFrom({ bucket }: S3Parts, key: string): AsyncGenerator<string> {
  yield key;
  for await (const object of listBucket(bucket, `${key}/`)) yield object.key;
}
