export { openS3Store } from './open-s3-store.js';
export { openExternalObjects } from './open-external-objects.js';
export { encryptionParameters, s3ClientConfig } from './s3-client.js';
