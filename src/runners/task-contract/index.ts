export { contractVariables, type ContractVariablesOptions } from './contract-variables.js';
export { collectOutputs, MAX_VALUE_BYTES } from './collect-outputs.js';
export type { CollectedOutputs } from './collect-outputs.js';
export type { CollectedArtifact, OutputPlaces } from './collect-artifacts.js';
export { buildExecutorInput, executorInputJson } from './executor-input.js';
export type { ExecutorInputRequest, TaskArtifact, TaskInput } from './executor-input.js';
export type { PlaceholderContext, PlaceholderNames } from './placeholder-context.js';
export { renderArguments, renderText } from './render-placeholders.js';
export { renderResources, type TaskResources } from './render-resources.js';
