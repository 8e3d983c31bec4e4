// Whom an activity works for, read off its request.

/** Names of a run and a task; those that a request does not have are absent. */
export interface ActivityFacts {
  readonly runId?: string;
  readonly pipeline?: string;
  /** Path in the DAG with iteration indexes. */
  readonly task?: string;
  /** User-level try, from 1. */
  readonly attempt?: number;
  readonly component?: string;
  readonly runner?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the facts of any activity's request: nothing of it has been checked yet. */
export function activityFacts(request: unknown): ActivityFacts {
  const fields = fieldsOf(request);
  const event = fieldsOf(fields['event']);
  const run = fieldsOf(fields['run'] ?? event['run'] ?? request);
  const input = fieldsOf(fields['input']);
  const pipeline = text(run['pipeline']) ?? text(fieldsOf(input['pipeline'])['name']);
  return {
    runId: text(run['runId']),
    pipeline: pipeline?.split('@', 1)[0], // a reference may have a version in it
    task: text(fields['task']),
    attempt: typeof fields['attempt'] === 'number' ? fields['attempt'] : undefined,
    component: text(fields['component']),
    runner: text(fields['runner']),
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
