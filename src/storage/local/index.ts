export { listArtifactFiles, type ArtifactFile, type ArtifactFiles } from './artifact-files.js';
export { openLocalStore, type OpenLocalStoreOptions } from './open-local-store.js';
export { digestContent, type DigestedContent } from './digest-content.js';
