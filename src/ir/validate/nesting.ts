// How deep components contain each other, and how many tasks that makes in all.

import { irFindings } from '../../errors/index.js';
import { MAX_LOOP_DEPTH } from '../loop-limits.js';
import { ownEntry } from '../own-entry.js';
import type { Pipeline } from '../pipeline.js';
import type { ComponentSpecJson } from '../spec.js';
import { findLoop } from './find-loop.js';
import type { Report } from './report.js';

// 32 DAGs within each other: conditions and loops are DAGs of their own in the IR.
const MAX_DAG_DEPTH = 32;
// 100,000: sub-pipelines that use each other twice at every level would double it each time.
const MAX_TASKS = 100_000;

interface Extent {
  readonly dagDepth: number;
  readonly loopDepth: number;
  /** Tasks in all, each loop counted once. */
  readonly tasks: number;
}

/** Checks that components do not contain themselves, and that nesting stays within limits. */
export function checkNesting(pipeline: Pipeline, report: Report): void {
  const components = pipeline.spec.components ?? {};
  const contained = new Map(
    Object.entries(components).map(([name, component]) => [name, containedIn(component)]),
  );
  const loop = findLoop(contained);
  if (loop !== undefined) {
    report(['components', loop[0]!], irFindings.cycle('components', loop));
    return;
  }
  checkExtent(extentOf(pipeline.spec.root ?? {}, pipeline, new Map()), report);
}

function containedIn({ dag }: ComponentSpecJson): string[] {
  return Object.values(dag?.tasks ?? {}).map(({ componentRef }) => componentRef?.name ?? '');
}

/** @param depth  DAGs around this component; deeper than the limit is not looked into */
function extentOf(
  component: ComponentSpecJson,
  pipeline: Pipeline,
  known: Map<string, Extent>,
  depth = 0,
): Extent {
  const tasks = depth > MAX_DAG_DEPTH ? [] : Object.values(component.dag?.tasks ?? {});
  const inner = tasks.map(({ componentRef, parameterIterator, artifactIterator }) => {
    const name = componentRef?.name ?? '';
    const child = ownEntry(pipeline.spec.components, name) ?? {};
    const extent = known.get(name) ?? extentOf(child, pipeline, known, depth + 1);
    known.set(name, extent);
    const isLoop = parameterIterator !== undefined || artifactIterator !== undefined;
    return { ...extent, loopDepth: extent.loopDepth + (isLoop ? 1 : 0) };
  });
  return {
    dagDepth: inner.reduce((deepest, { dagDepth }) => Math.max(deepest, dagDepth + 1), 0),
    loopDepth: inner.reduce((deepest, { loopDepth }) => Math.max(deepest, loopDepth), 0),
    tasks: inner.reduce((sum, { tasks: count }) => sum + count + 1, 0),
  };
}

function checkExtent({ dagDepth, loopDepth, tasks }: Extent, report: Report): void {
  const hint = 'Flatten the pipeline, or start the inner part as a pipeline of its own.';
  if (loopDepth > MAX_LOOP_DEPTH) {
    const message = `Loops nest ${loopDepth} deep; at most ${MAX_LOOP_DEPTH} are run.`;
    report(['root'], irFindings.loopLimit(message, hint));
  }
  if (dagDepth > MAX_DAG_DEPTH) {
    const message = `Sub-pipelines nest more than ${MAX_DAG_DEPTH} deep.`;
    report(['root'], irFindings.loopLimit(message, hint));
  }
  if (tasks > MAX_TASKS) {
    const message = `Sub-pipelines expand to ${tasks} tasks; at most ${MAX_TASKS} are run.`;
    report(['root'], irFindings.loopLimit(message, hint));
  }
}
