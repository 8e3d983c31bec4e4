// Whether two runs of one pipeline made the same, bit by bit, and what could be the reason where they did not.
//
// L1. Only what a task made is compared, never where it lies or when it was made; deployments are not outputs.
// L2. A task is an origin of the difference when its inputs are the same and its outputs are not.

import type { ArtifactRef } from '../../contract/index.js';
import type { LockedTask, RunLock } from '../../lineage/index.js';
import { canonicalJson, type JsonValue } from '../../util/index.js';
import type { CauseDifference } from './cause-difference.js';
import { compareEnvironments } from './compare-environments.js';

/** One output, or one value beside it, that is not what it was. */
export interface OutputDifference {
  readonly task: string;
  /** Name of the output; of an entry of its metadata: `metrics.accuracy`. */
  readonly output: string;
  readonly kind: 'artifact' | 'parameter' | 'metadata' | 'task';
  readonly before: JsonValue;
  readonly after: JsonValue;
  /** The task made something else from the same inputs (L2). */
  readonly isOrigin: boolean;
  /** The artifacts, where bytes differ. */
  readonly artifacts?: { readonly before: ArtifactRef; readonly after: ArtifactRef };
}

export interface LockComparison {
  readonly identical: boolean;
  readonly compared: { readonly tasks: number; readonly outputs: number };
  readonly differences: readonly OutputDifference[];
  readonly causes: readonly CauseDifference[];
}

/** Compares a run's certificate with that of the run that was to reproduce it. */
export function compareLocks(before: RunLock, after: RunLock): LockComparison {
  const later = new Map(after.tasks.map((task) => [task.task, task]));
  const tasks = before.tasks.filter(({ runner }) => runner !== 'deploy'); // L1
  const differences = tasks.flatMap((task) => compareTask(task, later.get(task.task)));
  const known = new Set(before.tasks.map(({ task }) => task));
  const added = after.tasks
    .filter(({ task, runner }) => runner !== 'deploy' && !known.has(task))
    .map(({ task }) => missing(task, 'did not run', 'ran'));
  const outputs = tasks.reduce((sum, { outputs }) => sum + outputsOf(outputs), 0);
  const all = [...differences, ...added];
  return {
    identical: all.length === 0,
    compared: { tasks: tasks.length, outputs },
    differences: all,
    causes: causesOf(before, after),
  };
}

function outputsOf({ parameters, artifacts }: LockedTask['outputs']): number {
  return Object.keys(parameters).length + Object.values(artifacts).flat().length;
}

function compareTask(before: LockedTask, after: LockedTask | undefined): OutputDifference[] {
  const { task } = before;
  if (after === undefined) return [missing(task, 'ran', 'did not run')];
  const isOrigin = identity(before.inputs) === identity(after.inputs);
  const parameters = namesOf(before.outputs.parameters, after.outputs.parameters).flatMap((name) =>
    differing('parameter', name, before.outputs.parameters[name], after.outputs.parameters[name]),
  );
  const artifacts = namesOf(before.outputs.artifacts, after.outputs.artifacts).flatMap((name) =>
    compareArtifacts(
      name,
      before.outputs.artifacts[name] ?? [],
      after.outputs.artifacts[name] ?? [],
    ),
  );
  return [...parameters, ...artifacts].map((difference) => ({ task, isOrigin, ...difference }));
}

type Difference = Omit<OutputDifference, 'task' | 'isOrigin'>;

function compareArtifacts(
  name: string,
  before: readonly ArtifactRef[],
  after: readonly ArtifactRef[],
): Difference[] {
  if (before.length !== after.length) {
    return differing('artifact', name, `${before.length} artifacts`, `${after.length} artifacts`);
  }
  return before.flatMap((earlier, index) => {
    const later = after[index]!;
    const label = before.length === 1 ? name : `${name}[${index}]`;
    const bytes = differing('artifact', label, earlier.digest, later.digest).map((difference) => ({
      ...difference,
      artifacts: { before: earlier, after: later },
    }));
    const metadata = namesOf(earlier.metadata, later.metadata).flatMap((key) =>
      differing('metadata', `${label}.${key}`, earlier.metadata[key], later.metadata[key]),
    );
    return [...bytes, ...metadata];
  });
}

function differing(
  kind: OutputDifference['kind'],
  output: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): Difference[] {
  const [earlier, later] = [before ?? null, after ?? null];
  const isSame = canonicalJson(earlier) === canonicalJson(later);
  return isSame ? [] : [{ kind, output, before: earlier, after: later }];
}

function missing(task: string, before: string, after: string): OutputDifference {
  return { task, output: '', kind: 'task', before, after, isOrigin: false };
}

/** A task's inputs without addresses. */
function identity({ parameters, artifacts }: LockedTask['inputs']): string {
  const plain = Object.entries(artifacts).map(([name, list]): [string, JsonValue] => [
    name,
    list.map(({ digest, metadata }) => ({ digest: digest ?? null, metadata })),
  ]);
  return canonicalJson({ parameters, artifacts: Object.fromEntries(plain) });
}

function namesOf(left: object, right: object): string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])];
}

function causesOf(before: RunLock, after: RunLock): CauseDifference[] {
  const imports = before.imports.flatMap((earlier): CauseDifference[] => {
    const later = after.imports.find(({ task }) => task === earlier.task);
    if (earlier.digest === later?.digest) return [];
    const name = `${earlier.task} (${earlier.uri})`;
    return [{ kind: 'import', name, before: earlier.digest, after: later?.digest }];
  });
  const versions = (['anneal', 'node'] as const)
    .filter((kind) => before[kind] !== after[kind])
    .map((kind) => ({ kind, name: kind, before: before[kind], after: after[kind] }));
  return [...imports, ...compareEnvironments(before, after), ...versions];
}
