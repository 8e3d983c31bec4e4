export { diffPipelines } from './diff-pipelines.js';
export type { PipelineChange, PipelineDiff } from './pipeline-change.js';
