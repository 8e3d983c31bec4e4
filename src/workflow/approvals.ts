// Questions of a run that a person answers, by update: who is asked, until when, and what was said.
//
// A1. An answer counts once: the same one again gives the first one back, the other one is refused.
// A2. What cannot be an answer is refused before it is in the history, with the reason.
// A3. The clock is the server's: it goes on while workers are away and while the run is paused.
// A4. The run answers for its slices, which ask it by signal.

import {
  ApplicationFailure,
  condition,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  APPROVAL_SIGNAL,
  APPROVE_UPDATE,
  ASK_APPROVAL_SIGNAL,
  REJECT_UPDATE,
} from '../contract/index.js';
import type {
  AnswerRequest,
  ApprovalAnswer,
  ApprovalEventType,
  ApprovalEventView,
  ApprovalRecord,
  ApprovalRequest,
  WaitingView,
} from '../contract/index.js';
import { approvalErrors, type AnnealError } from '../errors/index.js';
import { checkAnswer } from './check-answer.js';

const approveUpdate = defineUpdate<ApprovalRecord, [AnswerRequest]>(APPROVE_UPDATE);
const rejectUpdate = defineUpdate<ApprovalRecord, [AnswerRequest]>(REJECT_UPDATE);
const askSignal = defineSignal<[SliceQuestion]>(ASK_APPROVAL_SIGNAL);
const answerSignal = defineSignal<[SliceAnswer]>(APPROVAL_SIGNAL);

const HOUR_MS = 3_600_000;

/** A question of a slice. */
export interface SliceQuestion {
  readonly workflowId: string;
  readonly request: ApprovalRequest;
}

export interface SliceAnswer {
  readonly task: string;
  readonly answer: ApprovalAnswer;
}

/** Who asks a person on behalf of an interpreter. */
export interface Approver {
  /** @throws CancelledFailure when the run is canceled */
  wait(request: ApprovalRequest): Promise<ApprovalAnswer>;
}

interface Question {
  readonly view: WaitingView;
  answer?: ApprovalAnswer;
}

export interface ApprovalEvent {
  readonly type: ApprovalEventType;
  readonly approval: ApprovalEventView;
  /** Counts the reminders of one question, from 1; 0: no reminder. */
  readonly round: number;
}

export interface ApprovalListener {
  /** Called whenever there is a question more or less. */
  readonly onChange: () => void;
  readonly announce: (event: ApprovalEvent) => void;
}

/** The questions of one run. Made before anything else happens in it. */
export class Approvals implements Approver {
  private readonly waiting = new Map<string, Question>();
  private readonly answered = new Map<string, Question>();

  private listener: ApprovalListener | undefined;

  constructor() {
    this.handle(approveUpdate, 'approved');
    this.handle(rejectUpdate, 'rejected');
    setHandler(askSignal, (question) => void this.askFor(question));
  }

  /** Sets who hears of what becomes of questions; before anything is asked. */
  tellTo(listener: ApprovalListener): void {
    this.listener = listener;
  }

  /** What waits for an answer now. */
  get views(): readonly WaitingView[] {
    return [...this.waiting.values()].map(({ view }) => view);
  }

  /** Waits until a person has answered, or the time for it is over. @throws CancelledFailure */
  async wait({ policy, ...asked }: ApprovalRequest): Promise<ApprovalAnswer> {
    const sinceMs = Date.now();
    const endMs = sinceMs + policy.timeoutHours * HOUR_MS;
    const times = { since: isoTime(sinceMs), expiresAt: isoTime(endMs) };
    const question: Question = { view: { ...asked, ...times } };
    this.waiting.set(asked.task, question);
    this.tell('approval.requested', question);
    try {
      const remindMs = (policy.remindHours ?? Infinity) * HOUR_MS;
      return await this.answerOf(question, { sinceMs, endMs, remindMs });
    } finally {
      this.waiting.delete(asked.task);
      if (question.answer !== undefined) this.answered.set(asked.task, question);
      this.listener?.onChange();
    }
  }

  private async answerOf(
    question: Question,
    { sinceMs, endMs, remindMs }: Record<'sinceMs' | 'endMs' | 'remindMs', number>,
  ): Promise<ApprovalAnswer> {
    const summary = `approval of ${question.view.task}`;
    const isAnswered = (): boolean => question.answer !== undefined;
    for (;;) {
      const round = Math.floor((Date.now() - sinceMs) / remindMs) + 1;
      const nextMs = Math.min(endMs, sinceMs + round * remindMs);
      const pauseMs = Math.max(nextMs - Date.now(), 1);
      await condition(isAnswered, pauseMs, { summary });
      if (question.answer !== undefined) return question.answer;
      if (Date.now() >= endMs) return this.timeOut(question);
      this.tell('approval.reminder', question, round);
    }
  }

  private timeOut(question: Question): ApprovalAnswer {
    question.answer = { approved: false, reason: 'nobody approved in time', at: isoTime() };
    this.tell('approval.timed_out', question);
    return question.answer;
  }

  private handle(update: typeof approveUpdate, action: 'approved' | 'rejected'): void {
    const handler = (request: AnswerRequest): ApprovalRecord => {
      const question = this.find(request, action);
      if (question.answer === undefined) {
        const { by, reason = '' } = request;
        const said = { by: by.trim(), at: isoTime() };
        question.answer =
          action === 'approved'
            ? { approved: true, ...said, ...(reason === '' ? {} : { reason }) }
            : { approved: false, ...said, reason };
        this.tell(action === 'approved' ? 'approval.given' : 'approval.rejected', question);
      }
      return recordOf(question);
    };
    const validator = (request: AnswerRequest): void => {
      try {
        checkAnswer(request);
        this.find(request, action);
      } catch (error) {
        throw refusal(error as AnnealError); // A2
      }
    };
    setHandler(update, handler, { validator });
  }

  /** The question that an answer is meant for. @throws AnnealError E_STATE, E_PARAM */
  private find({ task }: AnswerRequest, action: 'approved' | 'rejected'): Question {
    const { workflowId: runId } = workflowInfo();
    const open = [...this.waiting.values()].filter(({ answer }) => answer === undefined);
    if (task === undefined && open.length > 1) {
      throw approvalErrors.severalWait(
        runId,
        action,
        open.map(({ view }) => view.task),
      );
    }
    const known = [...this.answered.values(), ...this.waiting.values()];
    const question =
      task === undefined
        ? (open[0] ?? known.at(-1))
        : (this.waiting.get(task) ?? this.answered.get(task));
    if (question === undefined) throw approvalErrors.nothingWaits(runId, action, task);
    const { answer } = question;
    const isOther = answer !== undefined && answer.approved !== (action === 'approved');
    if (isOther || (answer !== undefined && answer.by === undefined)) {
      throw approvalErrors.answeredAlready(runId, action, answer); // A1
    }
    return question;
  }

  /** A4. A slice that has ended, or was canceled with its run, needs no answer. */
  private async askFor({ workflowId, request }: SliceQuestion): Promise<void> {
    if (this.waiting.has(request.task)) return;
    const { task } = request;
    await this.wait(request)
      .then((answer) =>
        getExternalWorkflowHandle(workflowId).signal(answerSignal, { task, answer }),
      )
      .catch(() => undefined);
  }

  private tell(type: ApprovalEventType, { view, answer }: Question, round = 0): void {
    const said = answer && { ...(answer.by && { by: answer.by }), at: answer.at };
    const reason = answer?.reason;
    const approval = { ...view, ...said, ...(reason && { reason }) };
    this.listener?.announce({ type, approval, round });
    this.listener?.onChange();
  }
}

/** The questions of a slice: its run asks them. */
export class SliceApprovals implements Approver {
  private readonly answers = new Map<string, ApprovalAnswer>();

  /** @param runId  workflow id of the run */
  constructor(private readonly runId: string) {
    setHandler(answerSignal, ({ task, answer }) => void this.answers.set(task, answer));
  }

  async wait(request: ApprovalRequest): Promise<ApprovalAnswer> {
    const { workflowId } = workflowInfo();
    await getExternalWorkflowHandle(this.runId).signal(askSignal, { workflowId, request });
    await condition(() => this.answers.has(request.task));
    return this.answers.get(request.task)!;
  }
}

function recordOf({ view, answer }: Question): ApprovalRecord {
  const { task, endpoint, modelDigest } = view;
  return { task, endpoint, ...(modelDigest !== undefined && { modelDigest }), ...answer! };
}

function refusal({ message, code, hint, details }: AnnealError): ApplicationFailure {
  return ApplicationFailure.create({
    message: [message, hint].filter(Boolean).join(' '),
    type: code,
    nonRetryable: true,
    details: [{ code, message, hint, details }],
  });
}

function isoTime(ms = Date.now()): string {
  return new Date(ms).toISOString();
}
