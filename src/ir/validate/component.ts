import { irFindings } from '../../errors/index.js';
import { ownEntry } from '../own-entry.js';
import { declaredType, fitsType, typeOfValue } from '../parameter-type.js';
import type { SpecPath } from '../path.js';
import type { Pipeline } from '../pipeline.js';
import type { InputParameterDefinitionJson } from '../spec.js';
import { missing } from './missing.js';
import type { Report } from './report.js';
import type { Scope } from './scopes.js';

/** Checks a component's own definitions: its implementation, and its inputs' and outputs' types. */
export function checkComponent(scope: Scope, pipeline: Pipeline, report: Report): void {
  checkImplementation(scope, pipeline, report);
  const { inputDefinitions, outputDefinitions } = scope.component;
  for (const [name, definition] of Object.entries(inputDefinitions?.parameters ?? {})) {
    checkInputParameter(
      name,
      definition,
      [...scope.path, 'inputDefinitions', 'parameters', name],
      report,
    );
  }
  for (const [name, definition] of Object.entries(outputDefinitions?.parameters ?? {})) {
    const at = [...scope.path, 'outputDefinitions', 'parameters', name];
    if (declaredType(definition) === undefined) report(at, noType('output', name));
  }
}

function checkImplementation(
  { name, component, path }: Scope,
  pipeline: Pipeline,
  report: Report,
): void {
  const { dag, executorLabel } = component;
  if (name === 'root' && dag === undefined) {
    report(path, irFindings.incomplete('The root has no DAG.', 'Compile the pipeline again.'));
    return;
  }
  if (dag !== undefined) {
    if (Object.keys(dag.tasks ?? {}).length === 0) {
      report([...path, 'dag'], irFindings.incomplete(`The DAG of ${name} has no tasks.`));
    }
    return;
  }
  if (executorLabel === undefined) {
    report(
      path,
      irFindings.incomplete(`The component "${name}" has neither a DAG nor an executor.`),
    );
    return;
  }
  const { executors } = pipeline.deployment;
  if (ownEntry(executors, executorLabel) === undefined) {
    const unknown = missing(executorLabel, Object.keys(executors));
    report(
      [...path, 'executorLabel'],
      irFindings.unknownExecutor(`The component "${name}"`, unknown),
    );
  }
}

function checkInputParameter(
  name: string,
  definition: InputParameterDefinitionJson,
  at: SpecPath,
  report: Report,
): void {
  const type = declaredType(definition);
  if (type === undefined) {
    report(at, noType('input', name));
    return;
  }
  // A null default stands for Python's None and is kept apart from having no default.
  const { defaultValue = null, literals = [] } = definition;
  if (defaultValue !== null && !fitsType(defaultValue, type)) {
    const what = `The default of the input "${name}"`;
    report(
      [...at, 'defaultValue'],
      irFindings.parameterType(typeOfValue(defaultValue), type, what),
    );
  }
  literals.forEach((literal, index) => {
    if (fitsType(literal, type)) return;
    const what = `A literal of the input "${name}"`;
    report([...at, 'literals', index], irFindings.parameterType(typeOfValue(literal), type, what));
  });
}

function noType(kind: string, name: string) {
  return irFindings.incomplete(
    `The ${kind} parameter "${name}" has no type that Anneal knows.`,
    'Set parameterType: NUMBER_DOUBLE, NUMBER_INTEGER, STRING, BOOLEAN, LIST, STRUCT, TASK_FINAL_STATUS or TASK_CONFIG.',
  );
}
