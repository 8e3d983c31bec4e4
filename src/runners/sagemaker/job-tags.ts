import type { ExecutionId } from '../runner.js';

const VALUE_MAX_LENGTH = 256;

/** Tags of a job: what it belongs to, for bills and for people. */
export function jobTags({ runId, task, attempt }: ExecutionId): { Key: string; Value: string }[] {
  return [
    { Key: 'anneal:run', Value: tagValue(runId) },
    { Key: 'anneal:task', Value: tagValue(task) },
    { Key: 'anneal:attempt', Value: String(attempt) },
  ];
}

/** Text as a tag's value: characters that AWS refuses become `_`. */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').slice(0, VALUE_MAX_LENGTH);
}
