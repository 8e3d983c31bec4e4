import type { ArtifactRef, TaskValues } from '../contract/index.js';
import type { JsonValue } from '../util/json.js';

/**
 * A parameter as it flows through the graph. `collected` marks a list gathered by a loop, which an outer
 * loop joins instead of nesting (KFP: backend/src/v2/driver/resolve.go, CollectInputs).
 */
export interface FlowParameter {
  readonly value: JsonValue;
  readonly collected?: boolean;
  /** The value was one of the run's own parameters, passed down unchanged. */
  readonly fromRun?: boolean;
}

/** Everything that enters or leaves a component; an absent key is not the same as null. */
export interface FlowValues {
  readonly parameters: ReadonlyMap<string, FlowParameter>;
  readonly artifacts: ReadonlyMap<string, readonly ArtifactRef[]>;
}

export const NO_VALUES: FlowValues = { parameters: new Map(), artifacts: new Map() };

/** Plain values as flow values. @param collected  every parameter is a list gathered by a loop */
export function flowOf(values: TaskValues, collected = false): FlowValues {
  return {
    parameters: new Map(
      Object.entries(values.parameters).map(([name, value]): [string, FlowParameter] => [
        name,
        collected ? { value, collected } : { value },
      ]),
    ),
    artifacts: new Map(Object.entries(values.artifacts)),
  };
}

/** Joins collected lists, slice after slice. */
export function concatOutputs(slices: readonly FlowValues[]): FlowValues {
  const parameters = new Map<string, FlowParameter>();
  const artifacts = new Map<string, readonly ArtifactRef[]>();
  for (const slice of slices) {
    for (const [name, { value }] of slice.parameters) {
      const before = parameters.get(name)?.value ?? [];
      parameters.set(name, { value: [before, value].flat(1), collected: true });
    }
    for (const [name, list] of slice.artifacts) {
      artifacts.set(name, [...(artifacts.get(name) ?? []), ...list]);
    }
  }
  return { parameters, artifacts };
}
