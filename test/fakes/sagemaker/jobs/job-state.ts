// Processing and Training jobs of the fake.
//
// B1. A name is used once, for ever: a second job of that name is refused, whatever became of the first.
// B2. InProgress -> Completed | Failed; Stopping -> Stopped. Only a job in progress can be stopped.
// B3. Requests are checked by AWS's own model (the fake's), then by what the documentation adds (job-rules.ts).

import {
  ApiError,
  seconds,
  validationError,
  type Operations,
} from '../../../../src/devserver/fake-sagemaker/index.js';
import { checkJobRules } from './job-rules.js';
import type { HostedJob, Input, JobEnd, JobHost, RunningJob } from './job-host.js';

const JOB_OPERATIONS = ['Processing', 'Training'].flatMap((kind) =>
  ['Create', 'Describe', 'Stop'].map((verb) => `${verb}${kind}Job`),
);

interface Job {
  readonly kind: HostedJob['kind'];
  readonly name: string;
  readonly arn: string;
  readonly request: Input;
  readonly createdMs: number;
  status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  phase: string;
  end?: JobEnd;
  endedMs?: number;
  running?: RunningJob;
}

export class JobState {
  readonly #jobs = new Map<string, Job>();

  constructor(
    private readonly host: JobHost,
    private readonly now: () => number,
  ) {}

  readonly operations: Operations = Object.fromEntries(
    JOB_OPERATIONS.map((operation) => [operation, (input: Input) => this.#run(operation, input)]),
  );

  /** Settles when every job has ended. */
  async close(): Promise<void> {
    const running = [...this.#jobs.values()].flatMap((job) => job.running ?? []);
    for (const job of running) job.stop();
    await Promise.all(running.map((job) => job.ended));
  }

  #run(operation: string, input: Input): unknown {
    const kind = operation.includes('Processing') ? 'processing' : 'training';
    const name = input[kind === 'processing' ? 'ProcessingJobName' : 'TrainingJobName'] as string;
    if (operation.startsWith('Create')) return this.#create(kind, name, input);
    const job = this.#get(kind, name);
    return operation.startsWith('Stop') ? this.#stop(job) : describe(job);
  }

  #create(kind: Job['kind'], name: string, request: Input): unknown {
    checkJobRules(kind, request);
    const arn = arnOf(kind, name);
    if (this.#jobs.has(`${kind}/${name}`)) {
      throw new ApiError('ResourceInUse', `Job name must be unique: ${arn} exists already.`); // B1
    }
    const job: Job = {
      ...{ kind, name, arn, request },
      createdMs: this.now(),
      status: 'InProgress',
      phase: 'Starting',
    };
    this.#jobs.set(`${kind}/${name}`, job);
    job.running = this.host.start({ kind, name, request, onPhase: (phase) => (job.phase = phase) });
    void job.running.ended.then((end) => {
      job.end = end;
      job.status = end.state;
      job.phase = end.phase ?? end.state;
      job.endedMs = this.now();
    });
    return kind === 'processing' ? { ProcessingJobArn: arn } : { TrainingJobArn: arn };
  }

  #stop(job: Job): unknown {
    if (job.status !== 'InProgress') {
      throw validationError(`The request was rejected because the job is in status ${job.status}.`);
    }
    job.status = 'Stopping';
    job.phase = 'Stopping';
    job.running?.stop();
    return {};
  }

  #get(kind: Job['kind'], name: string): Job {
    const job = this.#jobs.get(`${kind}/${name}`);
    if (job !== undefined) return job;
    throw validationError(
      kind === 'processing'
        ? `Could not find requested job with name: ${name}`
        : 'Requested resource not found.',
    );
  }
}

function arnOf(kind: Job['kind'], name: string): string {
  return `arn:aws:sagemaker:eu-central-1:123456789012:${kind}-job/${name}`;
}

function describe(job: Job): unknown {
  const request = { ...(job.request as Record<string, unknown>) };
  delete request['Tags'];
  const common = { ...request, FailureReason: job.end?.failureReason };
  const times = { CreationTime: seconds(job.createdMs), LastModifiedTime: seconds(job.createdMs) };
  const ended = job.endedMs === undefined ? undefined : seconds(job.endedMs);
  if (job.kind === 'processing') {
    return {
      ...common,
      ...times,
      ProcessingJobArn: job.arn,
      ProcessingJobStatus: job.status,
      ProcessingStartTime: seconds(job.createdMs),
      ProcessingEndTime: ended,
      ExitMessage: job.end?.exitMessage,
    };
  }
  const { S3OutputPath } = request['OutputDataConfig'] as { S3OutputPath: string };
  return {
    ...common,
    ...times,
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.phase,
    TrainingStartTime: seconds(job.createdMs),
    TrainingEndTime: ended,
    ModelArtifacts: { S3ModelArtifacts: `${S3OutputPath}/${job.name}/output/model/` },
  };
}
