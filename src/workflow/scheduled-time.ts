import { workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';

/** Set by Temporal on every workflow that a schedule starts, also by trigger and backfill. */
const SCHEDULED_TIME = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/**
 * The time a schedule meant this run to start at, in ISO 8601; undefined when no schedule started it.
 * It stands in the first event of the history, so every replay reads the same.
 */
export function scheduledTime(): string | undefined {
  return workflowInfo().typedSearchAttributes.get(SCHEDULED_TIME)?.toISOString();
}
