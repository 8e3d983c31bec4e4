export { mlflowMirror } from './push-version.js';
export { pushRunModel } from './push-run-model.js';
