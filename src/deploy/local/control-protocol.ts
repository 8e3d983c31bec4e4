// What a deployer and an endpoint's supervisor say to each other over the control socket.
//
// X1. HTTP/1.1 on a unix socket of mode 0600; requests and answers are JSON.
// X2. Long commands answer in lines: any number of {progress}, then one {view} or one {error}.

import type { DeploymentView, RolloutPolicy } from '../../contract/index.js';
import type { ErrorCode } from '../../errors/index.js';
import type { RolloutState } from '../rollout-state.js';
import type { RolledBack } from './endpoint-record.js';
import type { ServingProgram } from './serving-process.js';

export interface Candidate {
  readonly deploymentId: string;
  readonly runId: string;
  readonly modelPath: string;
  readonly modelDigest: string;
  readonly allowPickle: boolean;
  /** Default: all at once, nothing watched. */
  readonly rollout?: RolloutPolicy;
  /** What serves this candidate, and the endpoint from now on. */
  readonly program: ServingProgram;
}

/**
 * POST /promote takes a Candidate, POST /cancel `{deploymentId}`, POST /capture `{share}` (0: no more), POST /rollback
 * and /stop nothing. A promotion that is sent again while it goes on is answered with its end.
 */
export type ControlCommand = 'promote' | 'rollback' | 'cancel' | 'capture' | 'stop';

export type ControlLine =
  | { readonly progress: string }
  | { readonly view: DeploymentView }
  | {
      readonly error: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly hint?: string;
        readonly retryable: boolean;
      };
    };

/** Answer of GET /status. */
export interface SupervisorStatus {
  readonly pid: number;
  readonly port: number;
  readonly status: 'in_service' | 'updating' | 'failed';
  readonly modelDigest?: string;
  readonly runId?: string;
  readonly updatedAt?: string;
  readonly rollout?: RolloutState;
  /** The last deployment whose rollout was ended, unless another model was promoted since. */
  readonly lastRollback?: Pick<RolledBack, 'modelDigest' | 'reason' | 'at'>;
}
