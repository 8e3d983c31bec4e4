import { dslErrors } from '../errors/index.js';
import type { RetryPolicy } from './graph.js';

/** Refuses numbers that KFP's retry policy could not hold (E_RANGE). */
export function checkRetryPolicy(component: string, retry: RetryPolicy): void {
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
