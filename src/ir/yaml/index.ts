export { readPipeline } from './read-pipeline.js';
