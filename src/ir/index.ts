// The public face of the IR for every room, the workflow sandbox included.
// Reading and writing files is src/ir/yaml, validation src/ir/validate, CEL src/ir/expressions.
//
// S1. Nothing here loads YAML, Node or the protobuf runtime.

export type * from './pipeline.js';
export type * from './spec.js';
