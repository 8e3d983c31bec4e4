import type { JsonObject } from '../util/json.js';

/** One stored output, as it travels between tasks: a reference, never the bytes. */
export interface ArtifactRef {
  /** Name within its task: the output's name. */
  readonly name: string;
  /** KFP schema title, e.g. `system.Dataset`. */
  readonly type: string;
  /** KFP schema version, e.g. `0.0.1`. */
  readonly schemaVersion: string;
  /** Where the bytes are: `file:///…`, `s3://…`, or an external address a task recorded. */
  readonly uri: string;
  /** `sha256:<hex>` of the bytes (a folder: of its sorted listing); absent for external addresses. */
  readonly digest?: string;
  readonly sizeBytes?: number;
  /** KFP artifact metadata: metrics, framework, anything the task logged. */
  readonly metadata: JsonObject;
}

/** Values a task received or produced. */
export interface TaskValues {
  readonly parameters: JsonObject;
  /** A list of artifacts and a single one are both arrays; the component's interface says which. */
  readonly artifacts: Readonly<Record<string, readonly ArtifactRef[]>>;
}
