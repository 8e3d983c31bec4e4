// The metrics of a task, by name: what tracking, comparisons and the registry of models show of it.
//
// N1. A metric is `<task>.<metric>`; where two outputs of a task share a name, `<task>.<output>.<metric>`.

import type { JsonObject, JsonValue } from '../util/json.js';
import type { TaskValues } from './artifact.js';

/** A number that a task recorded. */
export interface MetricValue {
  readonly name: string;
  readonly value: number;
}

/**
 * Lists the numbers in a task's Metrics artifacts and output parameters, in their order; true counts 1, false 0.
 *
 * @param task  path in the DAG
 */
export function metricValues(task: string, outputs: TaskValues): MetricValue[] {
  const artifacts = Object.entries(outputs.artifacts).flatMap(([output, list]) =>
    list
      .filter(({ type }) => type === 'system.Metrics')
      .map(({ metadata }) => numbersOf(output, metadata)),
  );
  const all = [...artifacts, numbersOf(undefined, outputs.parameters)].flat();
  const uses = new Map<string, number>();
  for (const { name } of all) uses.set(name, (uses.get(name) ?? 0) + 1);
  return all.map(({ output, name, value }) => {
    const isShared = output !== undefined && uses.get(name)! > 1; // N1
    return { name: [task, ...(isShared ? [output] : []), name].join('.'), value };
  });
}

interface NamedNumber extends MetricValue {
  readonly output: string | undefined;
}

function numbersOf(output: string | undefined, values: JsonObject): NamedNumber[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const number = numberOf(value);
    return number === undefined ? [] : [{ output, name, value: number }];
  });
}

function numberOf(value: JsonValue): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
