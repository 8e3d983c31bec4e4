import type { RunView } from '../contract/index.js';
import type { DagSpecJson, Pipeline, PipelineTaskSpecJson } from '../ir/index.js';
import { ownEntry } from '../ir/index.js';

/**
 * The run's own parameters that reach a task unchanged, through the groups it is in.
 *
 * @param path  of the task; undefined: all parameters
 */
export function taskInputs(
  { parameters }: Pick<RunView, 'parameters'>,
  pipeline: Pipeline | undefined,
  path: string | undefined,
): RunView['parameters'] {
  if (path === undefined) return parameters;
  const names = reaching(pipeline, path);
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => names.has(name)));
}

function reaching(pipeline: Pipeline | undefined, path: string): ReadonlySet<string> {
  const root = pipeline?.spec.root;
  let dag: DagSpecJson | undefined = root?.dag;
  // Names inside the DAG at hand, and the run's parameter that each stands for.
  let known = new Map(
    Object.keys(root?.inputDefinitions?.parameters ?? {}).map((name) => [name, name]),
  );
  for (const segment of path.split('/')) {
    const task: PipelineTaskSpecJson | undefined = ownEntry(dag?.tasks, segment);
    if (task === undefined) continue; // the index of an iteration
    known = passedOn(task, known);
    dag = ownEntry(pipeline?.spec.components, task.componentRef?.name ?? '')?.dag;
  }
  return new Set(known.values());
}

function passedOn(
  task: PipelineTaskSpecJson,
  known: ReadonlyMap<string, string>,
): Map<string, string> {
  return new Map(
    Object.entries(task.inputs?.parameters ?? {}).flatMap(([name, { componentInputParameter }]) => {
      const source = known.get(componentInputParameter ?? '');
      return source === undefined ? [] : [[name, source] as const];
    }),
  );
}
