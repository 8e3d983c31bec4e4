// Inputs that tell a task how the tasks before it ended.

/** The declaration of an input of KFP's type PipelineTaskFinalStatus. */
export interface FinalStatusType {
  readonly kind: 'final-status';
  readonly isRequired: false;
  readonly description?: string;
}

/**
 * Declares an input that receives how the tasks before ended: state, error, job and task names, as JSON.
 * It is filled in, never passed: for exit tasks, and tasks with `ignoreUpstreamFailure` that wait for one.
 */
export function finalStatus(): FinalStatusType {
  return { kind: 'final-status', isRequired: false };
}
