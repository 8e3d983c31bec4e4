export { validatePipeline } from './validate-pipeline.js';
