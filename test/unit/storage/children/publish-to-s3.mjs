// Publishes `attempt/model` of a store in S3 from its staging folder.
// Usage: node publish-to-s3.mjs STORE ENDPOINT CACHE_FOLDER
import { openStore } from '../src/storage/index.js';

const [address, endpoint, cacheFolder] = process.argv.slice(2);
const store = await openStore(address, { cacheFolder, s3: { endpoint, region: 'us-east-1' } });
const staging = await store.stage('attempt');
await staging.publish('model');
