import type { ArtifactRef, RunView, TaskView } from '../../contract/index.js';
import type { JsonObject } from '../../util/index.js';

/** A run as `--json` prints it: the stable form that scripts read (design.md section 8). */
export function runJson(view: RunView): object {
  const { runId, pipeline, digest, status, outputs, deployment, error } = view;
  return {
    runId,
    pipeline,
    digest,
    status,
    ...withoutUndefined({
      source: view.source,
      retriedFrom: view.retriedFrom,
      paused: view.paused,
      waitingFor: view.waitingFor,
      stuck: view.stuck,
    }),
    outputs,
    tasks: view.tasks.map(taskJson),
    ...(deployment === undefined
      ? {}
      : {
          deployment: withoutUndefined({
            status: deployment.status,
            endpoint: deployment.endpoint,
            url: deployment.url,
            reason: deployment.reason,
            approval: deployment.approval,
          }),
        }),
    ...(error === undefined
      ? {}
      : {
          error: withoutUndefined({
            code: error.code,
            message: error.message,
            task: error.task,
            hint: error.hint,
          }),
        }),
  };
}

function taskJson(task: TaskView): object {
  return withoutUndefined({
    name: task.name,
    status: task.status,
    cached: task.cached,
    attempts: task.attempts,
    seconds: task.seconds ?? 0,
    iterations: task.iterations,
    reason: task.reason,
    decision: task.decision,
    outputs: {
      parameters: task.outputs?.parameters ?? {},
      artifacts: Object.fromEntries(
        Object.entries(task.outputs?.artifacts ?? {}).map(([name, artifacts]) => [
          name,
          artifacts.map(artifactJson),
        ]),
      ),
    },
    error: task.error,
  });
}

function artifactJson({ uri, digest, type, metadata }: ArtifactRef): object {
  return withoutUndefined({ uri, digest, type, metadata });
}

function withoutUndefined(object: Readonly<Record<string, unknown>>): Partial<JsonObject> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as JsonObject;
}
