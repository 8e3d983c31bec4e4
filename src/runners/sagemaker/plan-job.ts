import type { LaunchSpec } from '../runner.js';
import { chooseInstance } from './instance-types.js';
import { jobChoice, type JobKind } from './job-choice.js';
import type { BucketInput } from './job-inputs.js';
import { jobFolder, jobName } from './job-name.js';
import { JOB_PLACES } from './job-places.js';
import type { CompleteJobSettings } from './job-settings.js';
import { jobTags } from './job-tags.js';
import type { JobPlan } from './job.js';
import { LAUNCH_FOLDER, launcherCommand } from './launch-document.js';

// One day, as SageMaker itself takes when nothing is said.
const MAX_RUNTIME_SECONDS = 86_400;
// API model: ProcessingMaxRuntimeInSeconds.
const LONGEST_PROCESSING_SECONDS = 777_600;

export interface PlanJobRequest {
  readonly spec: LaunchSpec;
  readonly kind: JobKind;
  readonly generation: number;
  /** As the job gets it. */
  readonly image: string;
  readonly inputs: readonly BucketInput[];
  readonly settings: CompleteJobSettings;
}

/** Everything a task's job is made from. @throws E_INSTANCE_TYPE, E_UNSUPPORTED */
export function planJob(request: PlanJobRequest): JobPlan {
  const { spec, kind, generation, image, inputs, settings } = request;
  const choice = jobChoice(spec.id.task, spec.platform);
  const { timeoutSeconds, stagingUri } = spec;
  const seconds = Math.ceil(timeoutSeconds ?? choice.maxRuntimeSeconds ?? MAX_RUNTIME_SECONDS);
  return {
    name: jobName(stagingUri, generation),
    image,
    entrypoint: launcherCommand(JOB_PLACES[kind]),
    inputs,
    launchUri: `${stagingUri}/${LAUNCH_FOLDER}`,
    outputUri: `${stagingUri}/${jobFolder(generation)}`,
    // One place for all jobs of the attempt: the next goes on where a lost one was.
    checkpointUri: `${stagingUri}/_checkpoints`,
    instanceType: chooseInstance(spec.id.task, choice, spec.resources, settings.instanceType),
    volumeGb: choice.volumeGb ?? settings.volumeGb,
    spot: choice.spot,
    maxRuntimeSeconds:
      kind === 'processing' ? Math.min(seconds, LONGEST_PROCESSING_SECONDS) : seconds,
    maxWaitSeconds: choice.maxWaitSeconds,
    tags: jobTags(spec.id),
    settings,
  };
}
