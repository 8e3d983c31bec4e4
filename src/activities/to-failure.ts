// The one place where our errors become Temporal's.

import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ErrorView } from '../contract/index.js';
import { isAnnealError } from '../errors/index.js';
import type { JsonObject } from '../util/index.js';

/** A stack or log tail longer than this does not travel through Temporal. */
const MAX_DETAIL_CHARS = 4000;

/** An error as plain JSON. @param task  path of the task it belongs to */
export function errorView(error: unknown, task?: string): ErrorView {
  if (isAnnealError(error)) {
    return {
      code: error.code,
      message: clip(error.message),
      hint: error.hint,
      where: error.where,
      details: clipDetails(error.details),
      task,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'E_INTERNAL', message: clip(message), task };
}

/**
 * Turns whatever an activity threw into what Temporal should see; only retryable errors are tried again.
 *
 * @param further  what goes along with the error's view
 */
export function toFailure(error: unknown, task?: string, further: readonly unknown[] = []): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  const view = errorView(error, task);
  const isKnown = isAnnealError(error);
  const failure = ApplicationFailure.create({
    message: view.message,
    type: view.code,
    nonRetryable: isKnown && !error.retryable,
    details: [view, ...further],
    cause: !isKnown && error instanceof Error ? error : undefined,
  });
  // An error of ours says all in its view; a stack would only show this machine's paths in histories.
  if (isKnown) failure.stack = '';
  return failure;
}

function clip(text: string): string {
  return text.length <= MAX_DETAIL_CHARS ? text : `${text.slice(0, MAX_DETAIL_CHARS)} …`;
}

function clipDetails(details: Readonly<Record<string, unknown>>): JsonObject {
  const entries = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? clip(value) : value,
  ]);
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as JsonObject;
}
