import { irFindings } from '../../errors/index.js';
import type { PipelineTaskSpecJson } from '../spec.js';
import { findLoop } from './find-loop.js';
import type { Report } from './report.js';
import type { TaskScope } from './scopes.js';

/** Checks that no task of a DAG waits for itself, directly or through others. */
export function checkCycles(tasks: readonly TaskScope[], report: Report): void {
  const upstream = new Map(tasks.map(({ name, task }) => [name, upstreamTasks(task)]));
  const loop = findLoop(upstream);
  if (loop === undefined) return;
  const { path } = tasks.find(({ name }) => name === loop[0])!;
  report(path, irFindings.cycle('tasks', loop));
}

/** Names of the tasks a task waits for: those it names and those whose outputs it reads. */
function upstreamTasks({ dependentTasks = [], inputs }: PipelineTaskSpecJson): string[] {
  const parameters = Object.values(inputs?.parameters ?? {}).flatMap(
    ({ taskOutputParameter, taskFinalStatus }) => [
      taskOutputParameter?.producerTask ?? [],
      taskFinalStatus?.producerTask ?? [],
    ],
  );
  const artifacts = Object.values(inputs?.artifacts ?? {}).map(
    ({ taskOutputArtifact }) => taskOutputArtifact?.producerTask ?? [],
  );
  return [...dependentTasks, ...parameters.flat(), ...artifacts.flat()];
}
