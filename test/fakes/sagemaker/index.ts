// The strict fake (src/devserver/fake-sagemaker), with jobs beside endpoints.

import {
  startFakeSageMaker as start,
  type FakeOptions,
  type FakeSageMaker,
  type VirtualClock,
} from '../../../src/devserver/fake-sagemaker/index.js';
import type { JobHost } from './jobs/job-host.js';
import { JobState } from './jobs/job-state.js';

export * from '../../../src/devserver/fake-sagemaker/index.js';
export { ScriptedHost, type JobEnd, type JobHost } from './jobs/job-host.js';
export { cannotMount, RealHost } from './jobs/real-host.js';

export interface FakeJobs {
  readonly host: JobHost;
  /** Time of jobs, milliseconds since the epoch; default the fake's virtual clock. */
  readonly now?: () => number;
}

/** Starts the fake in virtual time; without `jobs` it knows of endpoints only. */
export async function startFakeSageMaker(
  jobs?: FakeJobs,
  options: Partial<FakeOptions<VirtualClock>> = {},
): Promise<FakeSageMaker> {
  if (jobs === undefined) return start(options);
  const extra = new JobState(jobs.host, jobs.now ?? (() => fake.clock.now()));
  const fake: FakeSageMaker = await start({ ...options, extra });
  return fake;
}
