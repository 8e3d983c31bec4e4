import type { JsonObject } from '../../util/json.js';

/** The volume that a cluster keeps a run's workspace on. */
export interface WorkspaceVolume {
  /** A Kubernetes quantity. */
  readonly size?: string;
  /** Fields of a PersistentVolumeClaim's spec. */
  readonly claim: JsonObject;
}
