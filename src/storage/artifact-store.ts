// What every artifact store can do.
//
// S1. Nothing partial is ever visible under its final key.
// S2. A conditional create succeeds for exactly one of any number of callers.
// S3. Keys are safe segments joined by single slashes (see assertStoreKey); no key is a prefix of another.
// S4. An artifact is one regular file, or a folder of them. A symbolic link counts as the file it points to
//     when that file lies inside the same artifact; every other link, device, pipe or socket is refused (E_ARTIFACT).
// S5. No call follows a link out of the store.

/** What a stored tree is: one file or a folder. */
export interface StoredContent {
  /** `sha256:<hex>`: of the file's bytes, or of the folder's canonical listing. */
  readonly digest: string;
  readonly sizeBytes: number;
  readonly kind: 'file' | 'folder';
}

/** A private local place where one attempt of a task writes; unseen by readers until published. */
export interface Staging {
  /** Local folder, mode 0700, made for this attempt. */
  readonly folder: string;
  /** Address of the attempt's place in the store. */
  readonly uri: string;
  /** Address that an output will have once published. */
  outputUri(relativePath: string): string;
  /**
   * Makes one output durable, read-only and readable by others, and digests it. May be called again.
   * @returns undefined when the task wrote nothing there
   */
  publish(relativePath: string): Promise<StoredContent | undefined>;
  /**
   * Takes over an output that the task's own machine wrote to the store below this attempt, like `publish` without
   * the bytes passing through here.
   *
   * @param expected  what that machine says it wrote; without it the bytes are read and digested
   * @returns undefined when nothing is there
   * @throws E_UNSUPPORTED by stores that no other machine can write to; E_DIGEST when it is something else
   */
  adopt(relativePath: string, expected?: StoredContent): Promise<StoredContent | undefined>;
  /**
   * Says that a manifest names what was published, and that nobody comes back to the folder: a store that
   * keeps the bytes elsewhere drops it. May be called again.
   */
  release(): Promise<void>;
  /** Removes the attempt's files, published or not. */
  discard(): Promise<void>;
}

/** What an importer found outside the store. */
export interface ExternalContent extends StoredContent {
  /** Readable copy on this machine. */
  readonly localPath: string;
  /** The object's version as its server names it; absent for a folder. */
  readonly version?: { readonly etag: string; readonly versionId?: string };
}

/** A link by which anyone can download one file, for a while. */
export interface DownloadLink {
  /** Path within the artifact; `''` when the artifact is one file. */
  readonly relativePath: string;
  readonly url: string;
}

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
}

/** An object outside the store. */
export interface ExternalFile {
  /** Key below the folder it was listed in. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

/** A place outside the store that others write files to, such as a data capture's. */
export interface ExternalFolder {
  /** Names of the folders directly below a path, such as `endpoint`, sorted. */
  folders(path: string): Promise<readonly string[]>;
  /** Files below a path in the byte order of their keys, those after a key only; page by page. */
  files(path: string, after?: string): AsyncIterable<ExternalFile>;
  /**
   * Copies listed files below a path to a folder of this machine; what was copied before is not downloaded again.
   * @throws E_ARTIFACT when one was replaced or removed meanwhile; E_STORE
   */
  fetch(path: string, files: readonly ExternalFile[], inUse?: AbortSignal): Promise<string>;
}

export interface ArtifactStore {
  /** Address of a key: `file:///…/key` or `s3://bucket/prefix/key`. */
  uriOf(key: string): string;
  /** Key of an address of this very store; undefined for any other address. */
  keyOf(uri: string): string | undefined;

  /**
   * Writes a small document whole.
   * @returns false when `ifAbsent` was asked for and the key existed (nothing is written)
   */
  put(
    key: string,
    bytes: Uint8Array | string,
    options?: { readonly ifAbsent?: boolean },
  ): Promise<boolean>;
  /** Reads a document; undefined when there is none. Throws E_STORE when it cannot be read. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Every object below a folder (`''`: the whole store), sorted by key as bytes. */
  list(folder: string): AsyncIterable<StoredObject>;
  /** Names of the folders directly below a folder, sorted; one request where `list` would read a whole tree. */
  listFolders(folder: string): Promise<readonly string[]>;
  /** Removes a document, an artifact, or everything below a folder; no error when nothing is there. */
  remove(key: string): Promise<void>;

  /** Opens (or finds again) the place of one attempt; the same key gives the same place. */
  stage(key: string): Promise<Staging>;
  /**
   * A readable local path holding the artifact's bytes; for a folder store the stored file itself.
   *
   * @param inUse  a copy of a distant artifact stays at least until this is aborted; without it for an hour
   * @throws E_ARTIFACT when it is missing, or when the address is not of this store
   */
  localPath(uri: string, inUse?: AbortSignal): Promise<string>;
  /**
   * Recomputes digest and size; undefined when nothing is there.
   * A file above 64 MiB that is provably untouched since `publish` need not be read again.
   * @throws E_ARTIFACT when the address is not of this store
   */
  inspect(uri: string): Promise<StoredContent | undefined>;

  /**
   * Copies data of an importer, an object or all below a prefix at `s3://bucket/key`, to this machine.
   * @throws E_INPUT_NOT_FOUND when it is missing or may not be read; E_ARTIFACT when it is no plain tree
   */
  fetchExternal(uri: string, inUse?: AbortSignal): Promise<ExternalContent>;
  /** Opens the folder at `s3://bucket/prefix`; contacts nobody. @throws E_INPUT_NOT_FOUND when it is no such address */
  openExternalFolder(uri: string): Promise<ExternalFolder>;
  /**
   * Makes links to an artifact's files.
   *
   * @param expiresSeconds  1 to 604,800 (a week: S3's limit)
   * @throws E_UNSUPPORTED where files have no address that others could open; E_ARTIFACT
   */
  downloadLinks(uri: string, expiresSeconds: number): Promise<readonly DownloadLink[]>;
}
