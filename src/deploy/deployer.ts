// What every deployment target can do.
//
// D1. Success means that the endpoint serves the wanted model, seen by asking it; never a status alone.
// D2. Calling again with the same request changes nothing more.
// D3. A candidate that fails its checks leaves the earlier model serving.

import type { DeploymentView, RolloutPolicy, SageMakerPolicy } from '../contract/index.js';
import type { RolloutState } from './rollout-state.js';

export interface DeploymentRequest {
  /** Deterministic name of this deployment, from the run and task. */
  readonly deploymentId: string;
  readonly endpointName: string;
  readonly instanceType?: string;
  readonly modelUri: string;
  /** Local path of the model's bytes, already checked against `modelDigest`. */
  readonly modelPath: string;
  readonly modelDigest: string;
  readonly modelMetadata: Readonly<Record<string, unknown>>;
  readonly runId: string;
  /** How it goes live; default: all at once, nothing watched. */
  readonly rollout?: RolloutPolicy;
  /** How SageMaker hosts it; without meaning for other targets. */
  readonly sagemaker?: SageMakerPolicy;
  /**
   * Whether pickled models may be loaded (loading runs code of whoever wrote them): true only when
   * lineage shows that a run of ours produced these very bytes. Default false.
   */
  readonly allowPickle?: boolean;
}

/** What is known of a deployment before its run starts. */
export type DeploymentCheck = Pick<
  DeploymentRequest,
  'endpointName' | 'instanceType' | 'rollout' | 'sagemaker'
>;

export interface EndpointView {
  readonly name: string;
  readonly status: 'in_service' | 'updating' | 'failed' | 'stopped';
  readonly url?: string;
  readonly modelDigest?: string;
  readonly runId?: string;
  /** ISO 8601. */
  readonly updatedAt?: string;
  /** Set while a second model answers a share of the requests, percent. */
  readonly split?: { readonly percent: number; readonly modelDigest?: string };
  /** Set while a new model gets its traffic step by step. */
  readonly rollout?: RolloutState;
  /** The last deployment whose rollout was ended, unless another model was promoted since. */
  readonly lastRollback?: {
    readonly modelDigest: string;
    readonly reason: string;
    /** ISO 8601. */
    readonly at: string;
  };
}

export interface Deployer {
  readonly target: 'local' | 'sagemaker';
  /** Checks names, settings and policy before a run starts (E_ENDPOINT_NAME, E_INSTANCE_TYPE, E_AWS_CONFIG). */
  check(request: DeploymentCheck): Promise<void>;
  /**
   * Carries out a deployment. Aborting the signal gives it up and leaves the earlier model serving; aborting it with
   * the reason LET_GO only stops waiting: the deployment goes on, and the same request finds it again.
   */
  deploy(
    request: DeploymentRequest,
    context: { readonly signal: AbortSignal; readonly progress: (state: string) => void },
  ): Promise<DeploymentView>;
  list(): Promise<readonly EndpointView[]>;
  /**
   * Keeps a share of an endpoint's requests for monitoring; absent where the target captures by itself.
   *
   * @param share a fraction; 0: none any more
   * @returns folder on this machine where they are kept
   * @throws E_NOT_FOUND
   */
  capture?(endpointName: string, share: number): Promise<string>;
  /** Folder of the requests that were kept; see capture. */
  capturedRequests?(endpointName: string): string;
  /**
   * Changes the share of the candidate that serves beside the live model; absent where a target has no such thing. What
   * is so already is left alone.
   *
   * @param percent of the requests, 1 to 99
   * @returns the shares once they are live
   * @throws E_NOT_FOUND, E_ENDPOINT_OWNER, E_DEPLOY; E_STATE when the endpoint serves one model alone
   */
  split?(endpointName: string, percent: number): Promise<SplitView>;
  stop(endpointName: string): Promise<void>;
}

/** A target whose endpoints may serve two models. */
export type SplittingDeployer = Deployer & Required<Pick<Deployer, 'split'>>;

/** The shares of an endpoint after a change of them. */
export interface SplitView {
  readonly endpoint: string;
  /** Of the candidate; the live model answers the rest. */
  readonly percent: number;
  /** What it was before. */
  readonly earlierPercent: number;
}
