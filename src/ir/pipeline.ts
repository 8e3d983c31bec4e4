// A decoded pipeline: the spec, its executors and its platform settings, as plain JSON.
//
// P1. Every message was decoded strictly by the protobuf runtime and written back, so field
//     names are protojson's (camelCase), enums are names, and no unknown field is left.
// P2. Absent is not null: a null is kept only inside google.protobuf.Value (defaults, constants).

import type {
  PipelineDeploymentConfig_ExecutorSpecJson,
  PipelineSpecJson,
  PlatformSpecJson,
} from './generated/pipeline_spec_pb.js';

/** What a component's executor label stands for. */
export type ExecutorSpecJson = PipelineDeploymentConfig_ExecutorSpecJson;

/** The decoded `deploymentSpec`; `executors` is empty when the spec has none. */
export interface DeploymentJson {
  readonly executors: Readonly<Record<string, ExecutorSpecJson>>;
}

/** A pipeline that was read and validated. Key order within maps is the file's. */
export interface Pipeline {
  /** The whole PipelineSpec, `deploymentSpec` included. */
  readonly spec: PipelineSpecJson;
  /** `spec.deploymentSpec`, decoded. */
  readonly deployment: DeploymentJson;
  /** The second document of the file: per-platform settings of executors. */
  readonly platform?: PlatformSpecJson;
  /** One sentence each: accepted, but worth telling the user. */
  readonly warnings: readonly string[];
}
