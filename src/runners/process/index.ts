export { createProcessRunner, type ProcessRunnerOptions } from './process-runner.js';
export { readImageRules } from './read-image-rules.js';
