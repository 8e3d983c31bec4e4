// The outputs of a DAG: each declared one comes from a task in it, and none from nowhere.

import { irFindings } from '../../errors/index.js';
import { ownEntry } from '../own-entry.js';
import { declaredType, type ParameterType } from '../parameter-type.js';
import type { SpecPath } from '../path.js';
import type {
  DagOutputParameterJson,
  OutputArtifactDefinitionJson,
  ParameterSelectorJson,
} from '../spec.js';
import { artifactTypeText, isTypeAssignable } from './artifact-assignment.js';
import { missing } from './missing.js';
import { isAssignable } from './parameter-assignment.js';
import { findOutput } from './producer.js';
import type { Report } from './report.js';
import type { Scope, TaskScope } from './scopes.js';

/** Checks the outputs of a component that is a DAG. */
export function checkDagOutputs(scope: Scope, tasks: readonly TaskScope[], report: Report): void {
  if (scope.component.dag === undefined) return;
  const { parameters = {}, artifacts = {} } = scope.component.dag.outputs ?? {};
  for (const [name, output] of Object.entries(parameters)) {
    checkParameterOutput({ scope, tasks, name }, output, report);
  }
  for (const [name, { artifactSelectors = [] }] of Object.entries(artifacts)) {
    checkArtifactOutput({ scope, tasks, name }, artifactSelectors, report);
  }
  reportUnselected(scope, 'parameters', parameters, report);
  reportUnselected(scope, 'artifacts', artifacts, report);
}

interface DagOutput {
  readonly scope: Scope;
  readonly tasks: readonly TaskScope[];
  readonly name: string;
}

function checkParameterOutput(
  output: DagOutput,
  { valueFromParameter, valueFromOneof }: DagOutputParameterJson,
  report: Report,
): void {
  const { scope, name } = output;
  const declared = scope.component.outputDefinitions?.parameters;
  const path = [...scope.path, 'dag', 'outputs', 'parameters', name];
  const definition = ownEntry(declared, name);
  if (definition === undefined) {
    report(path, irFindings.unknownOutput(scope.name, missing(name, Object.keys(declared ?? {}))));
  }
  const type = definition && declaredType(definition);
  if (valueFromParameter !== undefined) {
    checkSelected(
      output,
      valueFromParameter,
      { type, path: [...path, 'valueFromParameter'] },
      report,
    );
    return;
  }
  const selectors = valueFromOneof?.parameterSelectors ?? [];
  if (selectors.length === 0) report(path, noSource(name));
  selectors.forEach((selector, index) => {
    const at = [...path, 'valueFromOneof', 'parameterSelectors', index];
    checkSelected(output, selector, { type, path: at }, report);
  });
}

function checkSelected(
  { scope, tasks, name }: DagOutput,
  { producerSubtask = '', outputParameterKey = '' }: ParameterSelectorJson,
  { type, path }: { type: ParameterType | undefined; path: SpecPath },
  report: Report,
): void {
  const fields = ['producerSubtask', 'outputParameterKey'] as const;
  const user = `The output "${name}" of ${scope.name}`;
  const reference = { user, producer: producerSubtask, output: outputParameterKey, path, fields };
  const selected = findOutput('parameters', reference, tasks, report);
  const given = selected && declaredType(selected);
  // A DAG that runs as a loop declares the LIST of what its tasks return, through conditions too.
  if (given === undefined || type === undefined || type === 'LIST' || isAssignable(given, type, ''))
    return;
  report(
    path,
    irFindings.parameterType(given, type, `What ${user[0]!.toLowerCase()}${user.slice(1)} returns`),
  );
}

function checkArtifactOutput(
  { scope, tasks, name }: DagOutput,
  selectors: readonly { producerSubtask?: string; outputArtifactKey?: string }[],
  report: Report,
): void {
  const declared = scope.component.outputDefinitions?.artifacts;
  const path = [...scope.path, 'dag', 'outputs', 'artifacts', name];
  const definition = ownEntry(declared, name);
  if (definition === undefined) {
    report(path, irFindings.unknownOutput(scope.name, missing(name, Object.keys(declared ?? {}))));
  }
  if (selectors.length === 0) report(path, noSource(name));
  selectors.forEach(({ producerSubtask = '', outputArtifactKey = '' }, index) => {
    const at = [...path, 'artifactSelectors', index];
    const fields = ['producerSubtask', 'outputArtifactKey'] as const;
    const user = `The output "${name}" of ${scope.name}`;
    const reference = {
      user,
      producer: producerSubtask,
      output: outputArtifactKey,
      path: at,
      fields,
    };
    const given = findOutput('artifacts', reference, tasks, report);
    if (given !== undefined && definition !== undefined)
      compareArtifacts(user, given, definition, at, report);
  });
}

/** A list may be made of single artifacts (a loop's), never a single one of a list. */
function compareArtifacts(
  user: string,
  given: OutputArtifactDefinitionJson,
  declared: OutputArtifactDefinitionJson,
  at: SpecPath,
  report: Report,
): void {
  const isListLost = given.isArtifactList === true && declared.isArtifactList !== true;
  if (!isListLost && isTypeAssignable(given.artifactType, declared.artifactType)) return;
  report(at, irFindings.artifactType(user, artifactTypeText(given), artifactTypeText(declared)));
}

function reportUnselected(
  { name, component, path }: Scope,
  kind: 'parameters' | 'artifacts',
  selected: Readonly<Record<string, unknown>>,
  report: Report,
): void {
  for (const output of Object.keys(component.outputDefinitions?.[kind] ?? {})) {
    if (Object.hasOwn(selected, output)) continue;
    const finding = irFindings.incomplete(`The output "${output}" of ${name} comes from no task.`);
    report([...path, 'outputDefinitions', kind, output], finding);
  }
}

function noSource(name: string) {
  return irFindings.incomplete(`The output "${name}" selects no task.`);
}
