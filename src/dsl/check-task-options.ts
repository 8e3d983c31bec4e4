// Checks of a task's options, for callers whom no compiler checks.

import { dslErrors } from '../errors/index.js';
import type { RetryPolicy, TaskOptions } from './graph.js';
import { NODE } from './graph.js';
import { describeValue } from './literal.js';
import { checkName } from './names.js';
import { checkWaitable } from './reachable.js';
import { isTask } from './task.js';

/** Checks options that an untyped caller may get wrong (E_NAME, E_RANGE, E_UNKNOWN_TASK). */
export function checkTaskOptions(component: string, options: TaskOptions): void {
  if (options.name !== undefined) checkName('task', options.name);
  for (const task of options.after ?? []) {
    if (!isTask(task)) throw dslErrors.notATask(describeValue(task));
    checkWaitable(task[NODE], component);
  }
  if (options.retry !== undefined) checkRetryPolicy(component, options.retry);
}

function checkRetryPolicy(component: string, retry: RetryPolicy): void {
  const refuse = (option: string, found: number, expected: string): never => {
    throw dslErrors.invalidOption(component, `retry.${option}`, { found: String(found), expected });
  };
  const { retries, backoffSeconds = 0, backoffFactor = 2, maxBackoffSeconds = 3600 } = retry;
  // int32 in the proto
  if (!Number.isInteger(retries) || retries < 0 || retries > 2 ** 31 - 1) {
    refuse('retries', retries, 'a whole number from 0');
  }
  for (const [option, seconds] of Object.entries({ backoffSeconds, maxBackoffSeconds })) {
    if (!Number.isFinite(seconds) || seconds < 0) refuse(option, seconds, 'seconds from 0');
  }
  if (!Number.isFinite(backoffFactor) || backoffFactor < 1) {
    refuse('backoffFactor', backoffFactor, 'a number from 1');
  }
}
