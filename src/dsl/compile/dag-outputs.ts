// What a DAG hands to its parent: outputs of its own tasks, or of the branch that ran.

import type {
  DagOutputArtifactJson,
  DagOutputParameterJson,
  DagOutputsSpecJson,
} from '../../ir/index.js';
import type { GroupOutput, Reference } from '../graph.js';
import type { DagScope } from './dag-scope.js';
import { bind } from './dag-scope.js';

/** The IR's `dag.outputs`; undefined when there are none. */
export function dagOutputs(scope: DagScope): DagOutputsSpecJson | undefined {
  const parameters: [string, DagOutputParameterJson][] = [];
  const artifacts: [string, DagOutputArtifactJson][] = [];
  for (const [name, output] of scope.group.outputs) {
    if (output.type.kind === 'parameter') parameters.push([name, parameterOutput(scope, output)]);
    else artifacts.push([name, artifactOutput(scope, output)]);
  }
  if (parameters.length + artifacts.length === 0) return undefined;
  return {
    ...(parameters.length === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    ...(artifacts.length === 0 ? {} : { artifacts: Object.fromEntries(artifacts) }),
  };
}

function parameterOutput(scope: DagScope, output: GroupOutput): DagOutputParameterJson {
  const parameterSelectors = output.references.map((reference) => {
    const { producer, output: outputParameterKey } = producerOf(scope, reference);
    return { producerSubtask: producer, outputParameterKey };
  });
  return output.isOneOf
    ? { valueFromOneof: { parameterSelectors } }
    : { valueFromParameter: parameterSelectors[0]! };
}

function artifactOutput(scope: DagScope, output: GroupOutput): DagOutputArtifactJson {
  const artifactSelectors = output.references.map((reference) => {
    const { producer, output: outputArtifactKey } = producerOf(scope, reference);
    return { producerSubtask: producer, outputArtifactKey };
  });
  return { artifactSelectors };
}

function producerOf(scope: DagScope, reference: Reference) {
  const binding = bind(scope, reference);
  // Checked when the body returned (runBody): outputs of this very DAG's tasks.
  if (binding.from !== 'task') throw new TypeError('a DAG can hand on only outputs of its tasks');
  return binding;
}
