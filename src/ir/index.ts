// The public face of the IR for every room, the workflow sandbox included.
// Reading and writing files is src/ir/yaml, validation src/ir/validate, CEL src/ir/expressions.
//
// S1. Nothing here loads YAML, Node, CEL or the protobuf runtime.

export { constantOf } from './constant.js';
export { dataProducers, upstreamTasks } from './dependencies.js';
export { isDeployComponent } from './deploy-component.js';
export type { ExecutorKind, ExecutorPlan } from './executor-plan.js';
export { MAX_LOOP_DEPTH, MAX_LOOP_ITEMS } from './loop-limits.js';
export { ownEntry } from './own-entry.js';
export { declaredType, fitsType, typeOfValue, type ParameterType } from './parameter-type.js';
export { parseParameterText } from './parameter-text.js';
export { checkParameters, MAX_PARAMETERS_BYTES } from './parameters.js';
export { pathText, type Locate, type SpecPath } from './path.js';
export type * from './pipeline.js';
export type * from './spec.js';
export { hasTask, placeOf, type Place } from './task-place.js';
export { valueToText } from './value-to-text.js';
export * from './parameter-rules/index.js';
