export type {
  ArtifactStore,
  DownloadLink,
  ExternalContent,
  ExternalFile,
  ExternalFolder,
  Staging,
  StoredContent,
  StoredObject,
} from './artifact-store.js';
export { assertStoreKey, isStoreSegment } from './store-key.js';
export { digestContent, openLocalStore, type OpenLocalStoreOptions } from './local/index.js';
export { readImportAddress, type ImportAddress } from './import-address.js';
export {
  openImportSource,
  type ImportPolicy,
  type ImportSource,
  type ImportTools,
} from './import-source.js';
export { checkStoreAbilities } from './check-store-abilities.js';
export { openStore } from './open-store.js';
export type { OpenStoreOptions, S3Options } from './s3-options.js';
export { safeSegment } from './safe-segment.js';
export { sha256Of } from './sha256.js';
export { verifyArtifact } from './verify-artifact.js';
