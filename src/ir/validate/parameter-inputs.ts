// The parameters of a task: each has one source, of a type that fits; each that is needed is there.

import { irFindings } from '../../errors/index.js';
import { checkSelector } from '../expressions/index.js';
import { ownEntry } from '../own-entry.js';
import { declaredType, fitsType, typeOfValue, type ParameterType } from '../parameter-type.js';
import type { SpecPath } from '../path.js';
import type { InputParameterJson } from '../spec.js';
import { constantOf } from '../constant.js';
import { checkWiredNames, isWired } from './input-ports.js';
import { missing } from './missing.js';
import { isAssignable } from './parameter-assignment.js';
import { findOutput, findProducer } from './producer.js';
import type { Report } from './report.js';
import type { TaskScope } from './scopes.js';

/** Checks all parameters that a task is given, and that none is missing. */
export function checkParameterInputs(
  scope: TaskScope,
  siblings: readonly TaskScope[],
  report: Report,
): void {
  checkWiredNames(scope, 'parameters', report);
  for (const [name, input] of Object.entries(scope.task.inputs?.parameters ?? {})) {
    checkParameterInput({ scope, siblings, name, input }, report);
  }
  reportMissing(scope, report);
}

interface Wiring {
  readonly scope: TaskScope;
  readonly siblings: readonly TaskScope[];
  readonly name: string;
  readonly input: InputParameterJson;
}

function checkParameterInput({ scope, siblings, name, input }: Wiring, report: Report): void {
  const path = [...scope.path, 'inputs', 'parameters', name];
  const definition = ownEntry(scope.component?.inputDefinitions?.parameters, name);
  const wanted = definition && declaredType(definition);
  const selector = input.parameterExpressionSelector;
  if (selector) {
    const finding = checkSelector(selector);
    if (finding) report([...path, 'parameterExpressionSelector'], finding);
  }
  const what = `What task "${scope.name}" passes to its input "${name}"`;
  if (input.runtimeValue !== undefined && input.runtimeValue.runtimeParameter === undefined) {
    const isNullable = definition?.isOptional === true;
    if (!selector) checkConstant(input.runtimeValue, { wanted, isNullable, what, path }, report);
    return;
  }
  const given = sourceType({ scope, siblings, name, input }, path, report);
  if (selector || given === undefined || wanted === undefined) return;
  const source = input.componentInputParameter ?? '';
  if (!isAssignable(given, wanted, source))
    report(path, irFindings.parameterType(given, wanted, what));
}

interface ConstantPlace {
  readonly wanted: ParameterType | undefined;
  readonly isNullable: boolean;
  readonly what: string;
  readonly path: SpecPath;
}

function checkConstant(
  runtimeValue: NonNullable<InputParameterJson['runtimeValue']>,
  { wanted, isNullable, what, path }: ConstantPlace,
  report: Report,
): void {
  const value = constantOf(runtimeValue);
  if (value === undefined) {
    report([...path, 'runtimeValue'], irFindings.incomplete(`${what} is an empty runtimeValue.`));
  } else if (wanted !== undefined && !(value === null && isNullable) && !fitsType(value, wanted)) {
    report([...path, 'runtimeValue'], irFindings.parameterType(typeOfValue(value), wanted, what));
  }
}

/** The declared type of what an input is wired to; undefined when unknown, after reporting. */
function sourceType(
  { scope, siblings, name, input }: Wiring,
  path: SpecPath,
  report: Report,
): ParameterType | undefined {
  const user = `Task "${scope.name}"`;
  if (input.taskOutputParameter !== undefined) {
    const { producerTask = '', outputParameterKey = '' } = input.taskOutputParameter;
    const at = [...path, 'taskOutputParameter'];
    const fields = ['producerTask', 'outputParameterKey'] as const;
    const reference = {
      user,
      producer: producerTask,
      output: outputParameterKey,
      path: at,
      fields,
    };
    const output = findOutput('parameters', reference, siblings, report);
    return output && declaredType(output);
  }
  if (input.taskFinalStatus !== undefined) {
    const at = [...path, 'taskFinalStatus', 'producerTask'];
    findProducer(user, input.taskFinalStatus.producerTask ?? '', at, siblings, report);
    return 'TASK_FINAL_STATUS';
  }
  const parentInput = input.componentInputParameter ?? input.runtimeValue?.runtimeParameter;
  if (parentInput !== undefined) return parentInputType(scope, parentInput, path, report);
  report(path, irFindings.incomplete(`Task "${scope.name}" gives its input "${name}" no source.`));
  return undefined;
}

function parentInputType(
  { parent, name: task }: TaskScope,
  name: string,
  path: SpecPath,
  report: Report,
): ParameterType | undefined {
  const { parameters = {}, artifacts = {} } = parent.component.inputDefinitions ?? {};
  const definition = ownEntry(parameters, name);
  if (definition !== undefined) return declaredType(definition);
  if (Object.hasOwn(artifacts, name)) {
    report(
      path,
      irFindings.wrongKind(
        `The input "${name}" of ${parent.name}, used by task "${task}",`,
        'an artifact',
        'a parameter',
      ),
    );
  } else {
    report(path, irFindings.unknownInput(parent.name, missing(name, Object.keys(parameters))));
  }
  return undefined;
}

function reportMissing(scope: TaskScope, report: Report): void {
  const itemInput = scope.task.parameterIterator?.itemInput;
  for (const [name, definition] of Object.entries(
    scope.component?.inputDefinitions?.parameters ?? {},
  )) {
    const type = declaredType(definition);
    const isNeeded = definition.isOptional !== true && definition.defaultValue === undefined;
    // KFP's backend fills TASK_CONFIG in by itself (driver/resolve.go, resolveInputs).
    if (!isNeeded || name === itemInput || type === 'TASK_CONFIG' || isWired(scope, name)) continue;
    report(scope.path, irFindings.missingInput(scope.name, name, type ?? 'parameter'));
  }
}
