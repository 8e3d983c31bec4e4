// Waits for the end of a job, and brings its log.

import { jittered, wait, type AwsCaller } from '../../aws/index.js';
import { taskLost } from '../../errors/task.js';
import { hasEnded, type JobApi, type JobView } from './job.js';
import type { JobLog } from './job-log.js';

// CloudWatch gets a container's last lines some seconds after its end.
const LAST_LINES_POLLS = 3;
const AWAITED_POLLS = 6;
const LAST_LINES_PAUSE_MS = 2_000;

export interface FollowOptions {
  readonly api: JobApi;
  readonly caller: AwsCaller;
  readonly task: string;
  readonly name: string;
  readonly pollMs: number;
  readonly log: JobLog;
}

/** Looks at a job by its name, again and again, until it has ended. @throws E_TASK_LOST */
export async function followJob(options: FollowOptions): Promise<JobView> {
  const { api, caller, task, name, pollMs, log } = options;
  for (;;) {
    const view = await caller.repeat(() => api.describe(name));
    if (view === undefined) throw taskLost(task, `AWS does not know its job ${name} any more`);
    await log.poll();
    if (hasEnded(view)) {
      await readLastLines(options);
      return view;
    }
    await wait(jittered(pollMs, caller.waiting.random), view.phase ?? view.state, caller.waiting);
  }
}

async function readLastLines({ log, caller, pollMs }: FollowOptions): Promise<void> {
  const pauseMs = Math.min(LAST_LINES_PAUSE_MS, pollMs);
  for (let polls = 1; polls < (log.isAwaited ? AWAITED_POLLS : LAST_LINES_POLLS); polls += 1) {
    await wait(pauseMs, 'reading the last lines of the log', caller.waiting);
    await log.poll();
  }
}

/** Stops a job that runs, and waits until it has ended. */
export async function stopJob(
  api: JobApi,
  caller: AwsCaller,
  name: string,
  pollMs: number,
): Promise<void> {
  let isTold = false;
  for (;;) {
    const view = await caller.repeat(() => api.describe(name));
    if (view === undefined || hasEnded(view)) return;
    // A job that ended in between refuses to be stopped: the next look tells.
    if (!isTold && view.state === 'running') {
      isTold = await caller
        .send(() => api.stop(name))
        .then(
          (outcome) => outcome === 'done',
          () => false,
        );
    }
    await wait(pollMs, 'stopping', caller.waiting);
  }
}
