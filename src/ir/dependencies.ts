import type { PipelineTaskSpecJson } from './spec.js';

/** Tasks whose outputs feed this task's inputs, in the order of the spec. */
export function dataProducers(task: PipelineTaskSpecJson): string[] {
  const parameters = Object.values(task.inputs?.parameters ?? {}).map(
    (input) => input.taskOutputParameter?.producerTask,
  );
  const artifacts = Object.values(task.inputs?.artifacts ?? {}).map(
    (input) => input.taskOutputArtifact?.producerTask,
  );
  return distinct([...parameters, ...artifacts]);
}

/** Every task that must have ended before this one may start: declared, by data, and by final status. */
export function upstreamTasks(task: PipelineTaskSpecJson): string[] {
  const statuses = Object.values(task.inputs?.parameters ?? {}).map(
    (input) => input.taskFinalStatus?.producerTask,
  );
  return distinct([...(task.dependentTasks ?? []), ...dataProducers(task), ...statuses]);
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
