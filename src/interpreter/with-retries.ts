import type { LeafTask } from './leaf-task.js';
import { asTaskFailure } from './port.js';
import { retryDelayMs } from './retry-policy.js';
import type { RunContext } from './scope.js';

/** Runs a task's tries, as many as its retryPolicy allows. @throws TaskFailure of the last one */
export async function withRetries<Result>(
  context: RunContext,
  leaf: LeafTask,
  run: (attempt: number) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const held = attempt > 1 ? context.port.hold(leaf) : undefined;
    if (held !== undefined) await held;
    context.tracker.attempted(leaf.path, attempt);
    try {
      return await run(attempt);
    } catch (error) {
      const failure = asTaskFailure(error);
      const delay = failure.canceled
        ? undefined
        : retryDelayMs(leaf.task, attempt, failure.view.code);
      if (delay === undefined) throw failure;
      await context.port.sleep(delay, `${leaf.path}: before try ${attempt + 1}`, {
        shielded: leaf.shielded,
      });
    }
  }
}
