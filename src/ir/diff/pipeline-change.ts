import type { JsonValue } from '../../util/index.js';

/** One difference in what two pipelines do. */
export interface PipelineChange {
  readonly kind: 'added' | 'removed' | 'changed';
  /** What the change belongs to: `pipeline`, or the task's path in the DAG: `for-loop-1/train`. */
  readonly place: string;
  /** What of it: absent when the whole task came or went; `parameter rate`, `input data`, `image`, `code`. */
  readonly what?: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** Of code: a unified diff with three lines of context. */
  readonly patch?: string;
}

export interface PipelineDiff {
  /** True when both do the same, whatever their texts are. */
  readonly isEqual: boolean;
  /** The pipeline's own changes first, then those of tasks in the order of the newer pipeline. */
  readonly changes: readonly PipelineChange[];
}
