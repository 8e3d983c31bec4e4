export { MAX_FILE_BYTES } from './parse-documents.js';
export { pipelineDigest } from './pipeline-digest.js';
export { readPipeline } from './read-pipeline.js';
export { writePipeline } from './write-pipeline.js';
