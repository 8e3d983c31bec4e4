// What a model was fitted on and judged on, as manifests tell it.
//
// G1. A model is fitted on the Datasets that the execution which made it took; where that took none, on those that
//     its other inputs were made from.
// G2. What this run did with the model goes before what other runs did.

import type { ArtifactRef, TaskValues } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { JsonObject, JsonValue } from '../util/index.js';
import type { ExecutionManifest } from './execution-manifest.js';
import { makerOf, type Lineage } from './lineage-of.js';

const DATASET = 'system.Dataset';
const METRICS = new Set(['system.Metrics', 'system.ClassificationMetrics']);

/** What the evaluation of a model left. */
export interface EvaluationRecord {
  /** Datasets that its tasks took. */
  readonly heldOut: readonly ArtifactRef[];
  /** Numbers that they recorded, by name. */
  readonly metrics: JsonObject;
}

/** Data that a model was fitted on (G1); empty when no record tells. @param runId  see G2 */
export async function fittedOn(
  store: ArtifactStore,
  { madeBy, reusedBy }: Pick<Lineage, 'madeBy' | 'reusedBy'>,
  runId?: string,
): Promise<ArtifactRef[]> {
  const makers = [...madeBy, ...reusedBy];
  const own = makers.filter(({ run }) => run.runId === runId); // G2
  const visited = new Set<ExecutionManifest>(own.length > 0 ? own : makers);
  const found: ArtifactRef[] = [];
  // A Set's iterator also meets what is added while it runs.
  for (const { inputs } of visited) {
    const datasets = artifactsOf(inputs).filter(({ type }) => type === DATASET);
    found.push(...datasets);
    if (datasets.length > 0) continue;
    for (const input of artifactsOf(inputs)) {
      const maker = await makerOf(store, input);
      if (maker !== undefined) visited.add(maker);
    }
  }
  return distinct(found);
}

/**
 * What is on record of a model's evaluation.
 *
 * @param executions  those that evaluated it
 */
export function evaluationOf(executions: readonly ExecutionManifest[]): EvaluationRecord {
  const inputs = executions.flatMap((execution) => artifactsOf(execution.inputs));
  const outputs = executions.flatMap((execution) => artifactsOf(execution.outputs));
  const recorded = [
    ...executions.map((execution) => execution.outputs.parameters),
    ...outputs.filter(({ type }) => METRICS.has(type)).map(({ metadata }) => metadata),
  ];
  return {
    heldOut: distinct(inputs.filter(({ type }) => type === DATASET)),
    metrics: Object.assign({}, ...recorded.map(numbersOf)) as JsonObject,
  };
}

function numbersOf(values: JsonObject): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => typeof value === 'number'),
  );
}

function artifactsOf({ artifacts }: TaskValues): ArtifactRef[] {
  return Object.values(artifacts).flat();
}

function distinct(artifacts: readonly ArtifactRef[]): ArtifactRef[] {
  return [...new Map(artifacts.map((each) => [each.digest ?? each.uri, each])).values()];
}
