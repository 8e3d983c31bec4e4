// anneal/dsl: pipelines in TypeScript, typed end to end, compiled to KFP's PipelineSpec.

export {
  Artifact,
  artifactType,
  ClassificationMetrics,
  Dataset,
  HTML,
  listOf,
  Markdown,
  Metrics,
  Model,
  SlicedClassificationMetrics,
} from './artifact-type.js';
export type { ArtifactListType, ArtifactType } from './artifact-type.js';
export type { ArgumentOf, ArgumentsOf } from './arguments.js';
export { component } from './component.js';
export type { Component } from './component.js';
export { and, eq, ge, gt, le, lt, ne, not, or } from './condition.js';
export type { ConditionLike } from './condition.js';
export type { CommandElement } from './command-element.js';
export type { ContainerTemplate } from './container.js';
export type {
  ArtifactListReference,
  ArtifactReference,
  Condition,
  ParameterReference,
  Resources,
  RetryPolicy,
  Task,
  TaskOptions,
  TextTemplate,
} from './graph.js';
export { exitHandler } from './exit-handler.js';
export { field } from './field.js';
export { importer } from './importer.js';
export { parallelFor } from './parallel-for.js';
export type { Loop } from './parallel-for.js';
export { finalStatus } from './final-status.js';
export type { FinalStatusType } from './final-status.js';
export { boolean, double, integer, list, string, struct } from './parameter-type.js';
export type { LiteralOf, ParameterKind, ParameterType } from './parameter-type.js';
export { pipeline } from './pipeline.js';
export type { PIPELINE_TYPES, PipelineDefinition } from './pipeline.js';
export type { ReferencesOf } from './reference.js';
export { text } from './text.js';
export { described, optional } from './value-type.js';
export type { ValueType, ValueTypes } from './value-type.js';
export { when } from './when.js';
