import type { TaskInput } from './executor-input.js';

/** What placeholders can refer to. */
export interface PlaceholderContext {
  readonly input: TaskInput;
  /** Names of the run and the task. */
  readonly names: PlaceholderNames;
  /** Reads a small input artifact whole, for `.value`. */
  readonly readArtifact: (localPath: string) => string;
}

export interface PlaceholderNames {
  /** `{{$.pipeline_job_name}}` */
  readonly jobName: string;
  /** `{{$.pipeline_job_resource_name}}` */
  readonly jobResourceName: string;
  /** `{{$.pipeline_job_uuid}}` */
  readonly jobId: string;
  readonly taskName: string;
  readonly taskId: string;
  readonly pipelineRoot: string;
  /** ISO 8601, start of the run. */
  readonly createTime?: string;
  /** ISO 8601, the schedule's time when a schedule started the run. */
  readonly scheduleTime?: string;
}
