// What crosses between the workflow and its activities.
//
// C1. One object in, one object of references out; nothing over 1 MiB.
// C2. Every activity may run twice: its effect happens once.

import type { JsonObject, JsonValue } from '../util/json.js';
import type { ExecutorPlan, PipelineSpecJson, PipelineTaskSpecJson } from '../ir/index.js';
import type { ArtifactRef, TaskValues } from './artifact.js';
import type { CodeSource } from './code-source.js';
import type { ApprovalView, DecisionRef, JudgeResult } from './decision.js';
import type { TurnRequest } from './deploy-turn.js';
import type { DeliveryRequest, HookPlan } from './events.js';
import type { ModelChangeRequest, ModelChangeResult } from './models.js';
import type {
  DeploymentView,
  ErrorView,
  ReuseOptions,
  RunInput,
  RunnerName,
  RunView,
} from './run.js';
import type { TaskRouting } from './task-queues.js';

export type { ExecutorKind, ExecutorPlan } from '../ir/index.js';

/** Who asks: carried in every request, and in labels of processes and containers. */
export interface RunIdentity {
  readonly runId: string;
  readonly pipeline: string;
  /** `sha256:<hex>` of the compiled spec. */
  readonly digest: string;
  /** ISO 8601: when the run was started. */
  readonly createdAt?: string;
  /** ISO 8601: the time a schedule meant it to start at; absent when no schedule started it. */
  readonly scheduledAt?: string;
}

export interface PrepareRunRequest {
  readonly runId: string;
  /** Temporal's id of the workflow's first execution: tells a retry from another start under the same id. */
  readonly execution: string;
  readonly input: RunInput;
  /** ISO 8601: see RunIdentity. */
  readonly createdAt?: string;
  readonly scheduledAt?: string;
}

/** All that the workflow needs to interpret a run; executor sources stay in the store. */
export interface RunPlan {
  readonly run: RunIdentity;
  readonly version?: number;
  /** The commit that the version was last published from. */
  readonly source?: CodeSource;
  /** ISO 8601: when the run was prepared. */
  readonly startedAt: string;
  /** The spec without `deploymentSpec`. */
  readonly spec: PipelineSpecJson;
  readonly executors: Readonly<Record<string, ExecutorPlan>>;
  /** Checked, with defaults filled in and coerced to the declared types. */
  readonly parameters: JsonObject;
  readonly cache: boolean;
  /** Where tasks run; default the worker's. */
  readonly runner?: RunnerName;
  /** Queues of its tasks; absent in runs of versions that had one queue: the workflow's own. */
  readonly routing?: TaskRouting;
  readonly failureBudget?: number;
  readonly baseFolder?: string;
  /** false: tasks that deploy are skipped. */
  readonly deploy?: boolean;
  readonly reuse?: ReuseOptions;
  readonly warnings: readonly string[];
  /** Whether the search attributes are registered on this server. */
  readonly searchAttributes: boolean;
  /** Heartbeat timeout of long activities, in seconds. */
  readonly heartbeatSeconds: number;
  /** Who wants to hear of the run; absent: nobody. */
  readonly hooks?: readonly HookPlan[];
  /** Tasks of loops that one workflow history carries; default the interpreter's. */
  readonly tasksPerHistory?: number;
}

/** What there is to run. */
export type RunGraph = Pick<RunPlan, 'spec' | 'executors'>;

/** A plan without its graph, which a slice's workflow loads again by digest. */
export type RunPlanHeader = Omit<RunPlan, 'spec' | 'executors'>;

/** Neighbouring iterations of a loop, to be run as a workflow of their own. */
export interface SliceRequest {
  readonly header: RunPlanHeader;
  /** Name of the loop's task, its path, and the path of the DAG it is in. */
  readonly task: string;
  readonly path: string;
  readonly dagPath: string;
  readonly definition: PipelineTaskSpecJson;
  readonly platformNames?: JsonObject;
  /** Inputs of the loop, without the item. */
  readonly inputs: TaskValues;
  readonly items: readonly SliceItem[];
  /** Index of the first item in the whole loop. */
  readonly offset: number;
  /** Iterations in flight at most. */
  readonly window: number;
  readonly shielded?: boolean;
}

export type SliceItem =
  | { readonly kind: 'parameter'; readonly input: string; readonly value: JsonValue }
  | { readonly kind: 'artifact'; readonly input: string; readonly artifact: ArtifactRef };

export interface SliceResult {
  /** Collected over the slice, in item order. */
  readonly outputs: TaskValues;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly error?: ErrorView;
}

/** One user-level try of one task. */
export interface TaskRequest {
  readonly run: RunIdentity;
  /** Path in the DAG with iteration indexes. */
  readonly task: string;
  /** Key in spec.components. */
  readonly component: string;
  readonly executor: string;
  /** 1 for the first try; counts retryPolicy's retries. */
  readonly attempt: number;
  readonly inputs: TaskValues;
  /** Names that its platform settings refer to, as far as they have a value. */
  readonly platformNames?: JsonObject;
  /** Of a look-up in a run that goes on from others: `cache` tells whether the cache may answer as well. */
  readonly reuse?: ReuseOptions & { readonly cache: boolean };
  /** Set when the result may be stored in the cache under this key. */
  readonly cacheKey?: string;
  /** Where it runs; default the worker's. */
  readonly runner?: RunnerName;
  readonly baseFolder?: string;
}

export interface TaskResult {
  readonly outputs: TaskValues;
  readonly manifestKey: string;
  readonly cached: boolean;
}

export interface CacheLookup {
  /** Absent when the task cannot be cached: the content of an input is not known. */
  readonly cacheKey?: string;
  readonly hit?: TaskResult;
  /** In a run that goes on from another: why nothing of it answers. */
  readonly reason?: string;
}

export interface ImportRequest {
  readonly run: RunIdentity;
  readonly task: string;
  readonly component: string;
  readonly uri: string;
  /** `parameter`: the value came from the run's own parameters; `constant`: from the spec or a task. */
  readonly uriSource: 'parameter' | 'constant';
  readonly type: string;
  readonly schemaVersion: string;
  readonly metadata: JsonObject;
  readonly reimport: boolean;
  readonly baseFolder?: string;
}

export interface DeployRequest {
  readonly run: RunIdentity;
  readonly task: string;
  readonly component: string;
  readonly attempt: number;
  readonly model: ArtifactRef;
  /** Artifact holding the evaluation of that very model, when the component takes one. */
  readonly evaluation?: ArtifactRef;
  readonly endpointName: string;
  readonly instanceType?: string;
  /** All parameters of the task, for the record. */
  readonly parameters: JsonObject;
  /** The decision that lets it happen: judging needs none, deploying does. */
  readonly decision?: DecisionRef;
}

/** The answer of a person, to be appended to a decision. */
export interface RecordApprovalRequest {
  /** The deployment it is about, with its decision. */
  readonly deployment: DeployRequest;
  readonly approval: ApprovalView;
}

export interface DeployResult {
  readonly deployment: DeploymentView;
  readonly outputs: TaskValues;
  readonly manifestKey: string;
}

/** Signatures of the activities, as the workflow calls them. */
export interface AnnealActivities {
  prepareRun(request: PrepareRunRequest): Promise<RunPlan>;
  /** The graph of a run's pipeline, for a slice of it. */
  loadGraph(run: RunIdentity): Promise<RunGraph>;
  lookupCache(request: TaskRequest): Promise<CacheLookup>;
  runTask(request: TaskRequest): Promise<TaskResult>;
  importArtifact(request: ImportRequest): Promise<TaskResult>;
  /** Decides about a model by the policy of its endpoint, and records the decision. */
  judgeModel(request: DeployRequest): Promise<JudgeResult>;
  /** Appends a person's answer to a decision; the first one counts, and is given back. */
  recordApproval(request: RecordApprovalRequest): Promise<ApprovalView>;
  deployModel(request: DeployRequest): Promise<DeployResult>;
  /** Makes an endpoint serve a registered version of its model. */
  deployVersion(request: ModelChangeRequest): Promise<ModelChangeResult>;
  /** Puts a deployment into its endpoint's queue; the answer comes as a signal. */
  askForTurn(request: TurnRequest): Promise<void>;
  /** Whether the workflow that asked for a turn is still there. */
  isRunOpen(request: Pick<TurnRequest, 'workflowId'>): Promise<boolean>;
  /** Keeps the final state beside the artifacts, where it outlives Temporal's retention. */
  recordRun(view: RunView): Promise<void>;
  /** Brings an event to one hook. */
  deliverEvent(request: DeliveryRequest): Promise<void>;
}
