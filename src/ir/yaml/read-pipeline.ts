import { fromJson, toJson, type JsonValue } from '@bufbuild/protobuf';
import { parseAllDocuments } from 'yaml';
import {
  PipelineDeploymentConfigSchema,
  PipelineSpecSchema,
  PlatformSpecSchema,
} from '../generated/pipeline_spec_pb.js';
import type { Pipeline } from '../pipeline.js';

/**
 * Reads a compiled KFP pipeline: a PipelineSpec in YAML or JSON, and a PlatformSpec after it.
 *
 * @param text    the file's content
 * @param source  the file's name, for `where` of errors
 */
export function readPipeline(text: string, source: string): Pipeline {
  void source;
  const [first, second] = [...parseAllDocuments(text)].map((document) => document.toJS() as JsonValue);
  const spec = toJson(PipelineSpecSchema, fromJson(PipelineSpecSchema, first ?? null));
  const deployment = fromJson(PipelineDeploymentConfigSchema, spec.deploymentSpec ?? {});
  return {
    spec,
    deployment: { executors: {}, ...toJson(PipelineDeploymentConfigSchema, deployment) },
    platform: second && toJson(PlatformSpecSchema, fromJson(PlatformSpecSchema, second)),
    warnings: [],
  };
}
