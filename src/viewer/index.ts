// What a person looks at: the static report of a run, and the graph of a pipeline.
export { countNodes, pipelineGraph, pipelineSvg } from './graph/index.js';
export type { GraphEdge, PipelineGraph, PipelineGroup, PipelineNode } from './graph/index.js';
export * from './report/index.js';
