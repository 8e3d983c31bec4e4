export { advance, advanceAll, EMPTY_QUEUE } from './deploy-queue.js';
export type { AddressedAnswer, DeployQueue, QueueEvent } from './deploy-queue.js';
export { startPipeline } from './run-pipeline.js';
export type { PipelineRun } from './run-pipeline.js';
export { asTaskFailure, TaskFailure } from './port.js';
export type { CallOptions, InterpreterPort } from './port.js';
export { durationSeconds } from './retry-policy.js';
export { startSlice } from './run-slice.js';
export type { SliceRun } from './run-slice.js';
