import type { ArtifactRef } from '../contract/index.js';
import type { DagSpecJson } from '../ir/index.js';
import type { JsonValue } from '../util/json.js';
import type { TaskOutcome } from './scope.js';
import type { FlowParameter, FlowValues } from './flow-values.js';

/**
 * The outputs of a DAG whose tasks have ended. Where several tasks are offered (OneOf), the first that
 * succeeded counts; an output nobody produced is absent.
 */
export function dagOutputs(dag: DagSpecJson, ended: ReadonlyMap<string, TaskOutcome>): FlowValues {
  const parameters = new Map<string, FlowParameter>();
  for (const [name, spec] of Object.entries(dag.outputs?.parameters ?? {})) {
    const selectors = spec.valueFromOneof?.parameterSelectors ?? [spec.valueFromParameter ?? {}];
    const value = firstPresent(selectors, (selector) =>
      outputsOf(ended, selector.producerSubtask)?.parameters.get(selector.outputParameterKey ?? ''),
    );
    if (value !== undefined) parameters.set(name, value);
  }
  const artifacts = new Map<string, readonly ArtifactRef[]>();
  for (const [name, spec] of Object.entries(dag.outputs?.artifacts ?? {})) {
    const value = firstPresent(spec.artifactSelectors ?? [], (selector) =>
      outputsOf(ended, selector.producerSubtask)?.artifacts.get(selector.outputArtifactKey ?? ''),
    );
    if (value !== undefined) artifacts.set(name, value);
  }
  return { parameters, artifacts };
}

/**
 * Joins the outputs of a loop's iterations into lists, in iteration order. An iteration without the output
 * (its producer was skipped) adds nothing; lists gathered by an inner loop are joined, not nested.
 *
 * @param declared  output names, so that an empty loop yields empty lists
 */
export function collectOutputs(
  declared: { readonly parameters: readonly string[]; readonly artifacts: readonly string[] },
  iterations: readonly FlowValues[],
): FlowValues {
  const parameters = new Map<string, FlowParameter>();
  for (const name of declared.parameters) {
    const values = iterations.flatMap(({ parameters: outputs }): readonly JsonValue[] => {
      const output = outputs.get(name);
      if (output === undefined) return [];
      return output.collected === true ? (output.value as JsonValue[]) : [output.value];
    });
    parameters.set(name, { value: values, collected: true });
  }
  const artifacts = new Map<string, readonly ArtifactRef[]>();
  for (const name of declared.artifacts) {
    artifacts.set(
      name,
      iterations.flatMap((outputs) => outputs.artifacts.get(name) ?? []),
    );
  }
  return { parameters, artifacts };
}

function outputsOf(
  ended: ReadonlyMap<string, TaskOutcome>,
  task: string | undefined,
): FlowValues | undefined {
  const outcome = ended.get(task ?? '');
  return outcome?.status === 'succeeded' ? outcome.outputs : undefined;
}

function firstPresent<Selector, Value>(
  selectors: readonly Selector[],
  read: (selector: Selector) => Value | undefined,
): Value | undefined {
  for (const selector of selectors) {
    const value = read(selector);
    if (value !== undefined) return value;
  }
  return undefined;
}
