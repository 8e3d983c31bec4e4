import type { ArtifactRef, TaskValues } from '../contract/index.js';
import type { FlowParameter, FlowValues } from './scope.js';

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
