// A job of SageMaker in the runner's terms: what is asked for, what is seen of it, and the calls there are.

import type { BucketInput } from './job-inputs.js';
import type { CompleteJobSettings } from './job-settings.js';

/** Everything a job is made from. */
export interface JobPlan {
  readonly name: string;
  readonly image: string;
  /** Command of the container: at most 100 strings of 256 characters (API model). */
  readonly entrypoint: readonly string[];
  readonly inputs: readonly BucketInput[];
  /** Folder of the launch documents. */
  readonly launchUri: string;
  /** Folder that the job writes below. */
  readonly outputUri: string;
  /** Where checkpoints are kept; training jobs only. */
  readonly checkpointUri: string;
  readonly instanceType: string;
  readonly volumeGb: number;
  readonly spot: boolean;
  readonly maxRuntimeSeconds: number;
  readonly maxWaitSeconds?: number;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly settings: CompleteJobSettings;
}

/** What SageMaker says of a job. */
export interface JobView {
  readonly name: string;
  readonly state: 'running' | 'stopping' | 'completed' | 'failed' | 'stopped';
  /** Of training jobs: Starting, Downloading, Training, Uploading, Interrupted, MaxRuntimeExceeded, … */
  readonly phase?: string;
  readonly failureReason?: string;
  /** Last words of the container. */
  readonly message?: string;
  readonly createdAt: Date;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
  readonly maxRuntimeSeconds?: number;
  readonly image?: string;
  /** Folder it was told to write below. */
  readonly outputUri?: string;
  /** Folder that holds the task's folder, once completed. */
  readonly resultUri?: string;
}

/** The calls for one kind of job. */
export interface JobApi {
  /** Group of CloudWatch Logs. */
  readonly logGroup: string;
  create(plan: JobPlan): Promise<unknown>;
  /** @throws the SDK's error when there is none */
  describe(name: string): Promise<JobView>;
  stop(name: string): Promise<unknown>;
}

/** Whether nothing will change any more. */
export function hasEnded({ state }: JobView): boolean {
  return state === 'completed' || state === 'failed' || state === 'stopped';
}
