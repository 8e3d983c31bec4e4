import type { RunView, TaskValues } from '../../contract/index.js';
import type { PipelineSpecJson } from '../../ir/index.js';
import type { JsonObject } from '../../util/index.js';

/** What one execution used and made, as its manifest records it. */
export interface ReportExecution {
  readonly task: string;
  readonly inputs: TaskValues;
  readonly outputs: TaskValues;
  /** Digest of the environment or image that ran the code; absent for importers. */
  readonly environmentDigest?: string;
  /** Digest of the component: its image, command, arguments and interface. */
  readonly componentDigest?: string;
  /** Run that really executed it, when the result came from the cache. */
  readonly cachedFrom?: string;
}

/** Everything a report is drawn from: plain values, read beforehand. */
export interface ReportInput {
  readonly view: RunView;
  /** The compiled pipeline; without it there is no graph. */
  readonly spec?: PipelineSpecJson;
  readonly executions: readonly ReportExecution[];
  /** Versions of Anneal and of what ran it, shown under Environment. */
  readonly environment: JsonObject;
  /** ISO 8601. */
  readonly renderedAt: string;
}
