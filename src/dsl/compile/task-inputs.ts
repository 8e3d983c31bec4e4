// The inputs of a task in the IR, and the tasks they make it wait for.

import type { InputArtifactJson, InputParameterJson, TaskInputsSpecJson } from '../../ir/index.js';
import type { Argument, Reference, TextTemplate } from '../graph.js';
import type { Binding, DagScope } from './dag-scope.js';
import { bind } from './dag-scope.js';

/** Inputs being collected for one task. */
export interface TaskInputs {
  readonly parameters: Map<string, InputParameterJson>;
  readonly artifacts: Map<string, InputArtifactJson>;
  /** Sibling tasks whose outputs are read. */
  readonly producers: Set<string>;
}

export function createTaskInputs(): TaskInputs {
  return { parameters: new Map(), artifacts: new Map(), producers: new Set() };
}

/** Adds one argument of a task. */
export function addArgument(
  inputs: TaskInputs,
  scope: DagScope,
  { name, argument }: { readonly name: string; readonly argument: Argument },
): void {
  switch (argument.kind) {
    case 'constant':
      inputs.parameters.set(name, constantInput(argument.value));
      break;
    case 'reference':
      addReference(inputs, scope, { name, reference: argument.reference });
      break;
    case 'text':
      inputs.parameters.set(name, constantInput(renderText(inputs, scope, argument)));
  }
}

/** Adds an input that takes a value from elsewhere in the pipeline. */
export function addReference(
  inputs: TaskInputs,
  scope: DagScope,
  { name, reference }: { readonly name: string; readonly reference: Reference },
): void {
  const binding = bind(scope, reference);
  if (binding.from === 'task') inputs.producers.add(binding.producer);
  if (reference.kind === 'parameter') inputs.parameters.set(name, parameterInput(binding));
  else inputs.artifacts.set(name, artifactInput(binding));
}

/** The IR's form of collected inputs; undefined when there are none. */
export function taskInputsJson({
  parameters,
  artifacts,
}: TaskInputs): TaskInputsSpecJson | undefined {
  if (parameters.size + artifacts.size === 0) return undefined;
  return {
    ...(parameters.size === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    ...(artifacts.size === 0 ? {} : { artifacts: Object.fromEntries(artifacts) }),
  };
}

// As the SDK does for f-strings: each value becomes an input of the task beside the declared ones,
// and the text a constant with KFP's placeholders.
function renderText(inputs: TaskInputs, scope: DagScope, template: TextTemplate): string {
  return template.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      addReference(inputs, scope, { name: textInputName(scope, part), reference: part });
      return inputPlaceholder(scope, part);
    })
    .join('');
}

/** The placeholder of a value that is an input of the task beside the declared ones, as in a text. */
export function inputPlaceholder(scope: DagScope, reference: Reference): string {
  return `{{$.inputs.parameters['${textInputName(scope, reference)}']}}`;
}

function textInputName(scope: DagScope, reference: Reference): string {
  const binding = bind(scope, reference);
  if (binding.from === 'task') return `pipelinechannel--${binding.producer}-${binding.output}`;
  const field = binding.field === undefined ? '' : `-subvar-${binding.field}`;
  const name = `${binding.name}${field}`;
  return name.startsWith('pipelinechannel--') ? name : `pipelinechannel--${name}`;
}

function constantInput(constant: unknown): InputParameterJson {
  return { runtimeValue: { constant: constant as never } };
}

function parameterInput(binding: Binding): InputParameterJson {
  if (binding.from === 'task') {
    return {
      taskOutputParameter: { producerTask: binding.producer, outputParameterKey: binding.output },
    };
  }
  return {
    componentInputParameter: binding.name,
    ...(binding.field === undefined
      ? {}
      : { parameterExpressionSelector: `parseJson(string_value)["${binding.field}"]` }),
  };
}

function artifactInput(binding: Binding): InputArtifactJson {
  return binding.from === 'task'
    ? { taskOutputArtifact: { producerTask: binding.producer, outputArtifactKey: binding.output } }
    : { componentInputArtifact: binding.name };
}
