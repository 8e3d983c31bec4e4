// Finds the job of an execution, or makes it.
//
// E1. One job at a time: a generation is made only when every earlier one is known to be lost.
// E2. A reply that was lost does not make a second job: before anything is sent again the name is looked up, and what
//     is there under it is compared and adopted.
// E3. A used-up quota is waited for, so long and no longer: it is free again when another job ends.

import { jittered, wait, type AwsCaller } from '../../aws/index.js';
import { jobNameTaken, jobQuotaExceeded } from '../../errors/jobs.js';
import { taskLost } from '../../errors/task.js';
import { QuotaExceeded } from './explain-aws.js';
import type { JobApi, JobPlan, JobView } from './job.js';
import { isLost } from './job-failure.js';
import { jobName } from './job-name.js';

// More than Temporal's infrastructure retries of one activity.
const MAX_GENERATIONS = 50;
const QUOTA_POLL_MS = 60_000;

export interface FoundJob {
  readonly generation: number;
  /** Absent: nothing of this generation was made yet. */
  readonly view?: JobView;
}

/** The newest job of an attempt, or the generation to make next (E1). */
export async function newestJob(
  api: JobApi,
  caller: AwsCaller,
  { stagingUri, task }: { readonly stagingUri: string; readonly task: string },
): Promise<FoundJob> {
  for (let generation = 1; generation <= MAX_GENERATIONS; generation += 1) {
    const name = jobName(stagingUri, generation);
    const view = await caller.repeat(() => api.describe(name));
    if (view === undefined) return { generation };
    if (!isLost(view)) return { generation, view };
  }
  throw taskLost(task, `${MAX_GENERATIONS} of its jobs were lost`);
}

/** Makes the job of a plan, or adopts the one of its name (E2). @throws E_RUNNER, E_AWS_CONFIG, E_TASK_LOST */
export async function ensureJob(
  api: JobApi,
  caller: AwsCaller,
  plan: JobPlan,
  limits: { readonly task: string; readonly quotaWaitMs: number },
): Promise<JobView> {
  const { clock, random } = caller.waiting;
  const startedMs = clock.now();
  for (;;) {
    try {
      const view = await caller.settle(
        () => caller.repeat(() => api.describe(plan.name)),
        () => api.create(plan),
      );
      if (view.outputUri === plan.outputUri) return view;
      throw jobNameTaken(limits.task, plan.name, 'output');
    } catch (error) {
      if (!(error instanceof QuotaExceeded)) throw error;
      const waitedMs = clock.now() - startedMs;
      if (waitedMs >= limits.quotaWaitMs) {
        throw jobQuotaExceeded(limits.task, error.quota, Math.round(waitedMs / 1000));
      }
      const pauseMs = Math.min(jittered(QUOTA_POLL_MS, random), limits.quotaWaitMs);
      await wait(pauseMs, `waiting for the quota "${error.quota}"`, caller.waiting); // E3
    }
  }
}
