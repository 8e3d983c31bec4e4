// What every runner can do: start one user-level try of one task, or find it again, and wait for it.
//
// R1. The same execution id always names the same process, container or job: a second call adopts the first.
// R2. When the signal aborts, everything the execution started is gone before the promise settles; unless the
//     reason is LET_GO: then run() rejects with taskLetGo while the execution goes on.

import type { EnvironmentDescription, RunnerName } from '../contract/index.js';
import type { PlatformSettings } from '../ir/platform/index.js';
import type { StoredContent } from '../storage/index.js';
import type { JsonValue } from '../util/json.js';
import type { FileAccess, SeenPlaces, TaskFiles } from './task-files.js';
import type { TaskResources } from './task-contract/index.js';

export { LET_GO } from '../contract/index.js';

export interface ExecutionId {
  readonly runId: string;
  /** Path in the DAG with iteration indexes. */
  readonly task: string;
  /** User-level attempt, from 1. */
  readonly attempt: number;
}

/** A container spec of the IR with every placeholder replaced. */
export interface LaunchSpec {
  readonly id: ExecutionId;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The executor input, as the task receives it. */
  readonly executorInput: JsonValue;
  /** Local folder of the attempt: outputs, log, executor_output.json. */
  readonly folder: string;
  /** The same folder and the inputs, as the task sees them. */
  readonly files: TaskFiles;
  /** Address of the attempt's place in the store: outputs go below it. */
  readonly stagingUri: string;
  readonly resources: TaskResources;
  readonly timeoutSeconds?: number;
  /** What the platform document asks for, with names resolved. */
  readonly platform?: PlatformSettings;
}

/** What tells apart two containers that run different code. */
export type ContainerChoice = Pick<LaunchSpec, 'image' | 'command' | 'args'>;

/** A container as it is known before a run. */
export interface RunnableSpec extends ContainerChoice {
  /** Component that asks, for messages. */
  readonly component: string;
  readonly platform?: PlatformSettings;
}

/** What a pipeline asks of a new volume; a runner without a cluster needs the first of it only. */
export interface WantedVolume {
  /** Volume whose content it starts with. */
  readonly copyOf?: string;
  readonly accessModes?: readonly string[];
  /** A Kubernetes quantity. */
  readonly size?: string;
  /** Absent: the cluster's default; empty: none, the volume is there already. */
  readonly storageClassName?: string;
  /** A volume that is there already. */
  readonly volumeName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Volumes that pipelines create and delete. */
export interface VolumeStore {
  /** Makes a volume; one of that name is kept. */
  createVolume(task: string, name: string, wanted: WantedVolume): Promise<void>;
  deleteVolume(task: string, name: string): Promise<void>;
}

export interface LaunchOutcome {
  /** What ran the code: an environment's or image's digest, for lineage and cache. */
  readonly environmentDigest: string;
  /** Local path of the captured log. */
  readonly logPath: string;
  /** Peak resident set, bytes, when known. */
  readonly peakMemoryBytes?: number;
  /** ISO 8601; of the execution itself, which may be older than the call that found it again. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /**
   * Outputs that the task's machine wrote to the store itself, by path below the attempt's folder; the content is
   * absent where that machine did not digest it. Only of runners whose `files` are `transferred`: small documents
   * (executor_output.json, parameters) are in the local folder all the same.
   */
  readonly transferred?: ReadonlyMap<string, StoredContent | undefined>;
  /** Folder below the attempt's place in the store that holds what was transferred; default the place itself. */
  readonly transferredBelow?: string;
}

export interface Runner {
  readonly name: RunnerName;
  /** How its tasks get at their inputs and outputs. */
  readonly files: FileAccess;
  /** Where a task sees its files, when that is not below /anneal. @throws E_UNSUPPORTED */
  seenPlaces?(task: string, platform?: PlatformSettings): SeenPlaces;
  readonly volumes?: VolumeStore;
  /** Refuses what this runner cannot honour, before a run starts (E_IMAGE, E_UNSUPPORTED, E_SECRET). */
  check(spec: RunnableSpec): Promise<void>;
  /** Digest of what would run the code, without building it; part of the cache key. */
  environmentDigest(spec: ContainerChoice): Promise<string>;
  /**
   * Runs the task to its end.
   * @throws E_TASK_EXIT, E_TASK_SIGNAL, E_TASK_MEMORY, E_TASK_TIMEOUT, E_TASK_CANCELED, E_TASK_LOST (retryable), E_TASK_ENVIRONMENT
   */
  run(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchOutcome>;
  /** Lists what is installed where that code would run; absent where the runner cannot know. */
  describeEnvironment?(spec: ContainerChoice): Promise<EnvironmentDescription>;
  /** Whether that very execution runs already, or has ended: it then needs no room made for it. */
  isRunning?(execution: Pick<LaunchSpec, 'id' | 'folder'>): Promise<boolean>;
  /** Drops what was kept for the tasks of one run. */
  endRun?(runId: string): Promise<void>;
  /** Ends everything this worker started. */
  close(): Promise<void>;
}
