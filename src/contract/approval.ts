// What a person is asked before a model goes live, and what they answer.

import type { ApprovalPolicy } from './deploy-policy.js';

/** Update: the model may go live; takes an AnswerRequest, answers an ApprovalRecord. */
export const APPROVE_UPDATE = 'approve';
/** Update: the model is kept back; takes and answers the same. */
export const REJECT_UPDATE = 'reject';
/** Signal from a slice of a loop to its run: ask in my place. */
export const ASK_APPROVAL_SIGNAL = 'askApproval';
/** Signal from a run to its slice: the answer. */
export const APPROVAL_SIGNAL = 'approvalAnswered';
/** Value of AnnealOutcome while a run waits for a person. */
export const WAITING_OUTCOME = 'waiting_approval';

/** What a person says. */
export interface AnswerRequest {
  /** Who says so; not empty. */
  readonly by: string;
  readonly reason?: string;
  /** Which deployment is meant, by the path of its task; needed only where several wait. */
  readonly task?: string;
}

/** What is asked: may this model go live? */
export interface ApprovalRequest {
  /** Path of the task that deploys. */
  readonly task: string;
  readonly endpoint: string;
  readonly modelDigest?: string;
  readonly policy: ApprovalPolicy;
}

/** Who agreed to a deployment, and why. */
export interface AgreementView {
  readonly by: string;
  readonly reason?: string;
  /** ISO 8601, server time. */
  readonly at: string;
}

export type ApprovalAnswer =
  | ({ readonly approved: true } & AgreementView)
  | {
      readonly approved: false;
      /** Absent: nobody answered in time. */
      readonly by?: string;
      readonly reason: string;
      readonly at: string;
    };

/** A question that nobody has answered yet. */
export interface WaitingView {
  readonly task: string;
  readonly endpoint: string;
  readonly modelDigest?: string;
  /** ISO 8601, server time. */
  readonly since: string;
  /** Without an answer by then the model is refused. */
  readonly expiresAt: string;
}

/** An answer on record: what the updates answer. */
export interface ApprovalRecord {
  readonly task: string;
  readonly endpoint: string;
  readonly modelDigest?: string;
  readonly approved: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly at: string;
}
