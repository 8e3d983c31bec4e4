// What differs between two pipelines, in what they do.
//
// D1. Tasks are told apart by their path in the DAG. Names of components and executors, the order of keys, SDK
//     versions and descriptions mean nothing to a run and are left out.
// D2. A task that came or went is one change, whatever is in it.

import { plainJson } from '../../util/index.js';
import type { Pipeline } from '../pipeline.js';
import type { ComponentSpecJson, PipelineTaskSpecJson } from '../spec.js';
import { compareFacts, type Fact, type Facts } from './compare-facts.js';
import { executorFacts } from './executor-facts.js';
import { interfaceFacts, named } from './interface-facts.js';
import type { PipelineChange, PipelineDiff } from './pipeline-change.js';
import { taskFacts } from './task-facts.js';

interface PlacedTask {
  readonly task: PipelineTaskSpecJson;
  readonly component: ComponentSpecJson;
}

/** Compares two pipelines by meaning (D1, D2). */
export function diffPipelines(before: Pipeline, after: Pipeline): PipelineDiff {
  const older = tasksOf(before);
  const newer = tasksOf(after);
  const paths = [...newer.keys(), ...[...older.keys()].filter((path) => !newer.has(path))];
  const changes = [
    ...compareFacts('pipeline', pipelineFacts(before), pipelineFacts(after)),
    ...paths.flatMap((path): PipelineChange[] => {
      const [left, right] = [older.get(path), newer.get(path)];
      if (left !== undefined && right !== undefined) {
        return compareFacts(path, factsOf(before, left), factsOf(after, right));
      }
      if (isInside(path, left === undefined ? older : newer, paths)) return []; // D2
      return [{ kind: left === undefined ? 'added' : 'removed', place: path }];
    }),
  ];
  return { isEqual: changes.length === 0, changes };
}

/** Whether a group around the task came or went as well; then that is told. */
function isInside(
  path: string,
  other: ReadonlyMap<string, unknown>,
  all: readonly string[],
): boolean {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return parent !== '' && all.includes(parent) && !other.has(parent);
}

function pipelineFacts({ spec }: Pipeline): Facts {
  const root = spec.root ?? {};
  return new Map<string, Fact>([
    ['name', { value: spec.pipelineInfo?.name ?? '' }],
    ['default root', { value: spec.defaultPipelineRoot ?? '' }],
    ...interfaceFacts('parameter', root.inputDefinitions, root.outputDefinitions),
    ...returnedFacts(root),
  ]);
}

function factsOf(pipeline: Pipeline, { task, component }: PlacedTask): Facts {
  return new Map<string, Fact>([
    ...taskFacts(task),
    ...interfaceFacts('declared input', component.inputDefinitions, component.outputDefinitions),
    ...executorFacts(pipeline, component),
    ...returnedFacts(component),
  ]);
}

/** Which of its tasks' outputs a DAG hands on. */
function returnedFacts({ dag }: ComponentSpecJson): [string, Fact][] {
  return [
    ...named('returns', dag?.outputs?.parameters, plainJson),
    ...named('returns', dag?.outputs?.artifacts, plainJson),
  ];
}

/** Every task by its path; those of a DAG after the task that holds it. */
function tasksOf({ spec }: Pipeline): ReadonlyMap<string, PlacedTask> {
  const found = new Map<string, PlacedTask>();
  const walk = (component: ComponentSpecJson | undefined, prefix: string): void => {
    for (const [name, task] of Object.entries(component?.dag?.tasks ?? {})) {
      const inner = spec.components?.[task.componentRef?.name ?? ''] ?? {};
      found.set(`${prefix}${name}`, { task, component: inner });
      walk(inner, `${prefix}${name}/`);
    }
  };
  walk(spec.root, '');
  return found;
}
