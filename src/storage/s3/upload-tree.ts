import { storageErrors } from '../../errors/index.js';
import type { ArtifactFiles } from '../local/artifact-files.js';
import type { FileSeals } from '../local/digest-content.js';
import type { Bucket, RemoteObject } from './bucket.js';
import { keptHex } from './digest-remote.js';
import { listBucket, removeKeys } from './list-bucket.js';
import type { RemoteFile, RemoteTree } from './remote-tree.js';
import { runLimited } from './run-limited.js';
import { MAX_S3_KEY_BYTES } from './s3-address.js';
import { PART_BYTES, uploadFile, type FileUpload } from './upload-file.js';

/** Small files; with their bytes in memory. Large ones go one after the other, their parts side by side. */
const FILES_AT_ONCE = 8;

/** A digested artifact of this machine. */
export interface LocalTree {
  readonly tree: ArtifactFiles;
  readonly seals: FileSeals;
}

/**
 * Makes an artifact in a bucket what it is on this machine: uploads what is not there, removes what is too much.
 *
 * @returns what is there then
 * @throws E_STORE; E_ARTIFACT when a file changes meanwhile or its name is too long for S3
 */
export async function uploadTree(
  bucket: Bucket,
  key: string,
  { tree, seals }: LocalTree,
): Promise<RemoteTree> {
  const wanted = tree.files.map(({ path, relativePath }) => {
    const fullKey = relativePath === '' ? key : `${key}/${relativePath}`;
    assertLength(path, fullKey);
    const { hex, sizeBytes } = seals.get(relativePath)!;
    return { path, relativePath, key: fullKey, hex, sizeBytes };
  });
  const there = await objectsAt(bucket, key);
  const isLarge = ({ sizeBytes }: FileUpload): boolean => sizeBytes > PART_BYTES;
  const upload = (file: FileUpload & { readonly relativePath: string }): Promise<RemoteFile> =>
    uploadIfNew(bucket, file, there.get(file.key));
  const files = [
    ...(await runLimited(
      wanted.filter((file) => !isLarge(file)),
      FILES_AT_ONCE,
      upload,
    )),
    ...(await runLimited(wanted.filter(isLarge), 1, upload)),
  ];
  const marker = tree.kind === 'folder' && files.length === 0 ? [`${key}/`] : [];
  for (const each of marker) await bucket.put(each, '');
  const kept = new Set([...files.map((file) => file.key), ...marker]);
  await removeKeys(
    bucket,
    [...there.keys()].filter((each) => !kept.has(each)),
  );
  return { kind: tree.kind, files: inOrder(wanted, files) };
}

async function objectsAt(bucket: Bucket, key: string): Promise<Map<string, RemoteObject>> {
  const found = new Map<string, RemoteObject>();
  const file = await bucket.head(key);
  if (file !== undefined) found.set(key, file);
  for await (const object of listBucket(bucket, `${key}/`)) found.set(object.key, object);
  return found;
}

async function uploadIfNew(
  bucket: Bucket,
  file: FileUpload & { readonly relativePath: string },
  there: RemoteObject | undefined,
): Promise<RemoteFile> {
  const { relativePath, sizeBytes, hex, key } = file;
  if (there?.sizeBytes === sizeBytes) {
    const details = await bucket.head(key);
    if (details !== undefined && keptHex(details, true) === hex)
      return { ...details, relativePath };
  }
  return { ...(await uploadFile(bucket, file)), relativePath };
}

function inOrder(
  wanted: readonly { readonly key: string }[],
  files: readonly RemoteFile[],
): RemoteFile[] {
  const byKey = new Map(files.map((file) => [file.key, file]));
  return wanted.map(({ key }) => byKey.get(key)!);
}

function assertLength(path: string, key: string): void {
  if (Buffer.byteLength(key) <= MAX_S3_KEY_BYTES) return;
  throw storageErrors.artifactRefused(
    path,
    `its key in S3 would be longer than ${MAX_S3_KEY_BYTES} bytes`,
  );
}
