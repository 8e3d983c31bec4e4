// A version of a registered model goes live outside a run.

import type { DeploymentView } from './run.js';

/** Workflow type that makes an endpoint serve a registered version. */
export const MODEL_WORKFLOW = 'modelChange';

export interface ModelChangeRequest {
  /** Name of the model and of its endpoint. */
  readonly name: string;
  readonly version: number;
  /** rollback: back to the version that served before. */
  readonly change: 'promote' | 'rollback';
  /** The same id changes something once. */
  readonly changeId: string;
  readonly by: string;
  readonly reason?: string;
  /** Heartbeat timeout of the deployment, in seconds. */
  readonly heartbeatSeconds: number;
}

export interface ModelChangeResult {
  readonly name: string;
  readonly version: number;
  readonly deployment: DeploymentView;
}
