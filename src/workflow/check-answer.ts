import type { AnswerRequest } from '../contract/index.js';
import { approvalErrors } from '../errors/index.js';

/** Longest texts of an answer, in characters. */
const MAX_NAME_CHARS = 200;
const MAX_REASON_CHARS = 2000;

/** Checks what somebody sent as an answer; anybody can send anything. @throws E_PARAM */
export function checkAnswer(request: unknown): asserts request is AnswerRequest {
  if (typeof request !== 'object' || request === null) {
    throw approvalErrors.answerRefused('must say who gives it ("by")');
  }
  const { by, reason, task } = request as Record<string, unknown>;
  if (typeof by !== 'string' || by.trim() === '') {
    throw approvalErrors.answerRefused('must say who gives it ("by")');
  }
  if (by.length > MAX_NAME_CHARS) {
    throw approvalErrors.answerRefused(`must name its giver in ${MAX_NAME_CHARS} characters`);
  }
  if (!isTextOrAbsent(reason) || !isTextOrAbsent(task)) {
    throw approvalErrors.answerRefused('has texts as "reason" and "task"');
  }
  if (reason !== undefined && reason.length > MAX_REASON_CHARS) {
    throw approvalErrors.answerRefused(`has a reason of ${MAX_REASON_CHARS} characters at most`);
  }
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
