// How deployments to one endpoint take turns: a workflow of its own keeps the queue of each endpoint.

/** Workflow type of an endpoint's queue; it is no run. */
export const DEPLOY_LOCK_WORKFLOW = 'pipelineDeployLock';
/** Query of it, answering its queue. */
export const DEPLOY_QUEUE_QUERY = 'queue';
/** Signal to it: a deployment asks for its turn; takes a TurnRequest. */
export const ASK_TURN_SIGNAL = 'askTurn';
/** Signal to it: a deployment has heard of its turn and goes on; takes a turn's id. */
export const TAKE_TURN_SIGNAL = 'takeTurn';
/** Signal to it: a deployment has ended, or is not wanted any more; takes a TurnEnd. */
export const END_TURN_SIGNAL = 'endTurn';
/** Signal to the one that asked; takes a TurnAnswer. */
export const TURN_SIGNAL = 'deployTurn';

/** Workflow id of an endpoint's queue. */
export function deployLockId(endpoint: string): string {
  return `deploy:${endpoint}`;
}

/** A deployment that wants to change an endpoint. */
export interface Turn {
  /** `<run id>/<task>`: asking twice is asking once. */
  readonly id: string;
  readonly runId: string;
  readonly task: string;
  readonly endpoint: string;
  /** ISO 8601, server time: when the model was accepted, by a person where one is asked. Later ones win. */
  readonly acceptedAt: string;
}

export interface TurnRequest extends Turn {
  /** The workflow that waits for the answer: the run, or a slice of it. */
  readonly workflowId: string;
}

export interface TurnAnswer {
  readonly id: string;
  readonly endpoint: string;
  readonly granted: boolean;
  /** The deployment that goes, or went, to the endpoint instead. */
  readonly by?: Turn;
}

export interface TurnEnd {
  readonly id: string;
  /** Whether the endpoint serves the model now. */
  readonly isDeployed: boolean;
}
