// Where data comes from in a compiled pipeline, followed along its edges. Loads CEL; not for the workflow sandbox.

export { deployFlow, type DatasetInput, type DeployFlow } from './deploy-flow.js';
export { isSameSource, type Source } from './sources.js';
export { leafNodes, nodeAt, type TaskNode } from './task-node.js';
