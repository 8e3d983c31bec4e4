/**
 * reuse: taken over as it is. run: runs. depends: taken over if what runs before it makes the same again.
 * skip: its condition is false.
 */
export type RetryAction = 'reuse' | 'run' | 'depends' | 'skip';

/** What a retry is expected to do with one task. */
export interface PlannedTask {
  /** Path in the DAG with iteration indexes. */
  readonly name: string;
  readonly action: RetryAction;
  /** Why, in words: `failed before`, `its input "seed" changed`. */
  readonly reason: string;
}

/** What a retry is expected to do. Environments are compared only when a task is reached. */
export interface RetryPlan {
  /** The run that is retried. */
  readonly runId: string;
  readonly pipeline: string;
  readonly tasks: readonly PlannedTask[];
  /** Parameters that have another value than in that run. */
  readonly changedParameters: readonly string[];
  /** Parameters of that run that the pipeline now lacks. */
  readonly droppedParameters: readonly string[];
}
