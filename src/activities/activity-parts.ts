import type { Hook, PolicySetting } from '../config/index.js';
import type { Deployer } from '../deploy/index.js';
import type { ModelMirror } from '../models/index.js';
import type { ParameterRules } from '../ir/parameter-rules/index.js';
import type { WorkerIdentity } from '../contract/index.js';
import type { DriftTools } from '../monitoring/index.js';
import type { Admission, Runners } from '../runners/index.js';
import type { ArtifactStore } from '../storage/index.js';

/** What happens to the tasks of a worker that stops. */
export interface DrainPolicy {
  /** They go on without it, or are ended. */
  readonly mode: 'hand-over' | 'end';
  /** How long a task lives on this host without a worker, in seconds. */
  readonly keptSeconds: number;
  /** Aborted when waiting for tasks to end is over before its time. */
  readonly hurry: AbortSignal;
}

/** What the activities work with; made once by the worker. */
export interface ActivityParts {
  readonly store: ArtifactStore;
  readonly runners: Runners;
  readonly deployer: Deployer;
  /** Ranges of the inputs of this project's own components. */
  readonly parameterRules: ParameterRules;
  /** Folders that importers may read when the address comes from the pipeline itself. */
  readonly importRoots: readonly string[];
  /** Folder that relative paths refer to when the run names none. */
  readonly projectFolder: string;
  /** Who is told of what happens to runs. */
  readonly hooks: readonly Hook[];
  /** What must hold before a model goes live. */
  readonly policies: readonly PolicySetting[];
  /** Registries elsewhere that show our models; absent: none. */
  readonly mirrors?: readonly ModelMirror[];
  /** Takes sentences for who runs the worker; absent: nobody reads them. */
  readonly warn?: (sentence: string) => void;
  /** What compares captured requests with training data. */
  readonly driftTools: DriftTools;
  /** Version of Anneal, for certificates. */
  readonly annealVersion: string;
  /** Heartbeat timeout of long activities. */
  readonly heartbeatSeconds: number;
  /** Base of the task queues. */
  readonly taskQueue: string;
  readonly identity: WorkerIdentity;
  readonly drain: DrainPolicy;
  /** Lets tasks start as far as the machine has room for them. */
  readonly admit: Admission;
  /** Variables by which a task joins the trace of the activity that starts it; absent where nothing is traced. */
  readonly traceVariables?: () => Readonly<Record<string, string>>;
  /** Whether the server knows our search attributes. */
  readonly searchAttributes: boolean;
}
