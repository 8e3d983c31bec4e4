// Placeholder until the generated types land; replaced by src/ir's own index.
export type { PipelineSpecJson } from './generated/pipeline_spec_pb.js';
