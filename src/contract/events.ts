// What is told to the world about a run.

import type { AgreementView, WaitingView } from './approval.js';
import type { CodeSource } from './code-source.js';
import type { DeploymentStatus, DeploymentView, ErrorView, RunStatus } from './run.js';
import type { JsonValue } from '../util/json.js';

/** Workflow type that brings one event to its hooks; it outlives the run. */
export const EVENT_WORKFLOW = 'pipelineEvent';

/** What happens to a question that a person is asked. */
export type ApprovalEventType =
  | 'approval.requested'
  | 'approval.reminder'
  | 'approval.given'
  | 'approval.rejected'
  | 'approval.timed_out';

export type EventType =
  | 'run.started'
  | `run.${Exclude<RunStatus, 'running'>}`
  | `deployment.${DeploymentStatus}`
  | ApprovalEventType;

export interface RunEvent {
  /** `<run id>/event/<type>` and more for approvals: the same event has the same id however often it is sent. */
  readonly id: string;
  readonly type: EventType;
  /** ISO 8601, server time. */
  readonly time: string;
  readonly run: {
    readonly runId: string;
    readonly pipeline: string;
    readonly version?: number;
    readonly digest: string;
    readonly source?: CodeSource;
    readonly status: RunStatus;
    readonly startedAt: string;
    readonly finishedAt?: string;
  };
  readonly outputs: Readonly<Record<string, JsonValue>>;
  readonly deployment?: DeploymentView;
  /** Of the events `approval.…`: what is asked, and the answer when there is one. */
  readonly approval?: ApprovalEventView;
  readonly error?: ErrorView;
}

export interface ApprovalEventView extends WaitingView, Partial<AgreementView> {}

/** A hook as the workflow knows it; where it leads is the worker's knowledge. */
export interface HookPlan {
  /** Follows from the hook's settings. */
  readonly id: string;
  /** Events it wants: `run.failed`, `run.*`, `*`. */
  readonly on: readonly string[];
}

export interface EventRequest {
  readonly event: RunEvent;
  /** Ids of the hooks that want it. */
  readonly hooks: readonly string[];
}

export interface DeliveryRequest {
  readonly event: RunEvent;
  readonly hook: string;
}

/** Whether a pattern of a hook covers an event. */
export function coversEvent(pattern: string, type: EventType): boolean {
  return pattern === '*' || pattern === type || pattern === `${type.split('.')[0]}.*`;
}
