// The recorded pipeline: a tree of groups and tasks, joined by references to values.
//
// G1. A reference is one object per value: references are compared by identity.
// G2. Groups and tasks know their parent; the group without one is a pipeline.

import type { ContainerSpecJson, ImporterSpecJson } from '../ir/index.js';
import type { JsonValue } from '../util/index.js';
import type { ParameterKind } from './parameter-type.js';
import type { InputTypes, ValueType, ValueTypes } from './value-type.js';

/** Key of a reference's source; internal to the DSL. */
export const SOURCE: unique symbol = Symbol.for('anneal.dsl.source');
/** Key of the record behind a task; internal to the DSL. */
export const NODE: unique symbol = Symbol.for('anneal.dsl.node');

/** The producer of a value. */
export type Source =
  | { readonly from: 'input'; readonly group: Group; readonly name: string }
  | { readonly from: 'output'; readonly node: Node; readonly name: string }
  | { readonly from: 'item'; readonly group: Group; readonly field?: string };

/** A parameter whose value is known when the pipeline runs. */
export interface ParameterReference<Kind extends ParameterKind = ParameterKind> {
  readonly kind: 'parameter';
  readonly parameterKind: Kind;
  readonly [SOURCE]: Source;
}

/** An artifact that exists when the pipeline runs. */
export interface ArtifactReference<Title extends string = string> {
  readonly kind: 'artifact';
  readonly schemaTitle: Title;
  readonly schemaVersion: string;
  readonly [SOURCE]: Source;
}

/** A list of artifacts that exists when the pipeline runs. */
export interface ArtifactListReference<Title extends string = string> {
  readonly kind: 'artifact-list';
  readonly schemaTitle: Title;
  readonly schemaVersion: string;
  readonly [SOURCE]: Source;
}

export type Reference = ParameterReference | ArtifactReference | ArtifactListReference;

/** Literal text and parameters, in order; passed where a string parameter goes. */
export interface TextTemplate {
  readonly kind: 'text';
  readonly parts: readonly (string | ParameterReference)[];
}

/** Kinds that can be compared; lists and structs cannot (as in KFP). */
export type ComparableKind = Exclude<ParameterKind, 'list' | 'struct'>;

/** A side of a comparison: a parameter, or a constant. */
export type Operand = ParameterReference<ComparableKind> | string | number | boolean;

export interface Comparison {
  readonly kind: 'comparison';
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly left: ParameterReference<ComparableKind>;
  readonly right: Operand;
}

/** A yes-or-no question that is answered when the pipeline runs. */
export type Condition =
  | Comparison
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Condition[] }
  | { readonly kind: 'not'; readonly operand: Condition };

/** KFP's retry policy: applies when the task's own program fails. */
export interface RetryPolicy {
  /** Retries after the first try, at least 0. */
  readonly retries: number;
  /** Seconds before the first retry; default 0. */
  readonly backoffSeconds?: number;
  /** Growth of the wait from retry to retry; default 2 (kfp.dsl.structures.RetryPolicy.to_proto). */
  readonly backoffFactor?: number;
  /** Longest wait in seconds; default 3600 (kfp.dsl.structures.RetryPolicy.to_proto). */
  readonly maxBackoffSeconds?: number;
}

/** An amount that is fixed, such as "500m" or "4Gi", or known when the pipeline runs. */
export type ResourceAmount = string | ParameterReference<'string'>;

/** What a task asks for, and what it may use at most. */
export interface ResourceBounds {
  readonly request?: ResourceAmount;
  readonly limit?: ResourceAmount;
}

/** What the machine of a task must have; KFP's forms of Kubernetes quantities. */
export interface Resources {
  /** Cores: "2", "0.5" or "500m". */
  readonly cpu?: ResourceBounds;
  /** Bytes: "536870912", "512Mi", "2G"; "G" is 10^9 and "Gi" 2^30. */
  readonly memory?: ResourceBounds;
  readonly accelerator?: {
    /** As the cluster calls it: "nvidia.com/gpu". */
    readonly type: ResourceAmount;
    /** From 0; default 1 (kfp.dsl.PipelineTask.set_accelerator_type). */
    readonly count?: number | ParameterReference<'integer' | 'string'>;
  };
}

/** How a task is run, beside its arguments. */
export interface TaskOptions {
  /** Name of the task; default the component's, made unique. */
  readonly name?: string;
  /** Shown instead of the name. */
  readonly displayName?: string;
  /** false: always run, never answer from the cache; default true. */
  readonly caching?: boolean;
  /** Tasks with equal keys share cached results whatever their inputs are (KFP's cache key). */
  readonly cacheKey?: string;
  readonly retry?: RetryPolicy;
  /** Only for components that run in a container. */
  readonly resources?: Resources;
  /** Environment variables beside those of the component's container. */
  readonly env?: Readonly<Record<string, string>>;
  /** A try that takes longer has failed, from 1; written as KFP's activeDeadlineSeconds. */
  readonly timeoutSeconds?: number;
  /** true: run when the tasks before have ended in whatever way. */
  readonly ignoreUpstreamFailure?: boolean;
  /** Tasks that must have succeeded first although nothing is taken from them. */
  readonly after?: readonly AnyTask[];
}

/** A task with its outputs by name, as the pipeline's author sees it. */
export interface Task<Outputs> {
  readonly name: string;
  readonly outputs: Outputs;
  readonly [NODE]: Node;
}

export type AnyTask = Task<unknown>;

/** What carries a component out. */
export type Implementation =
  | { readonly kind: 'container'; readonly container: ContainerSpecJson }
  | { readonly kind: 'importer'; readonly importer: ImporterSpecJson }
  | { readonly kind: 'pipeline'; readonly root: Group };

/** A component's name, interface and implementation. */
export interface ComponentDefinition {
  readonly name: string;
  readonly inputs: InputTypes;
  readonly outputs: ValueTypes;
  readonly implementation: Implementation;
}

/** A checked argument of a task. */
export type Argument =
  | { readonly kind: 'constant'; readonly value: JsonValue }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | TextTemplate;

/** A component placed in a group. */
export interface TaskNode {
  readonly kind: 'task';
  readonly name: string;
  readonly parent: Group;
  readonly component: ComponentDefinition;
  readonly arguments: ReadonlyMap<string, Argument>;
  readonly options: TaskOptions;
}

/** What a loop goes over. */
export interface Iteration {
  readonly items: Reference | readonly JsonValue[];
  /** Declaration of one item, which the body sees as a reference. */
  readonly itemType: ValueType;
  /** At most this many at once; undefined: no limit. */
  readonly parallelism?: number;
}

/** A value that a group hands to its parent: one reference, or the first of several that ran. */
export interface GroupOutput {
  readonly type: ValueType;
  readonly references: readonly Reference[];
  readonly isOneOf: boolean;
}

export type GroupKind =
  'pipeline' | 'condition' | 'condition-branches' | 'for-loop' | 'exit-handler';

/** A DAG within a pipeline. */
export interface Group {
  readonly kind: GroupKind;
  /** Name of its task in the parent's DAG; given when the pipeline is complete. */
  name: string;
  readonly displayName?: string;
  parent?: Group;
  readonly children: Node[];
  readonly outputs: Map<string, GroupOutput>;
  readonly condition?: Condition;
  readonly iteration?: Iteration;
  /** Sibling that runs when the group has ended in whatever way. */
  readonly exitTask?: TaskNode;
}

export type Node = TaskNode | Group;
