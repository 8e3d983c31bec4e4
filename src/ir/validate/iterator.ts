// Loops: the items exist and are a list, and each item has an input to go to.

import { irFindings } from '../../errors/index.js';
import { MAX_LOOP_ITEMS } from '../loop-limits.js';
import { ownEntry } from '../own-entry.js';
import { declaredType, fitsType, typeOfValue, type ParameterType } from '../parameter-type.js';
import type { JsonValue } from '../../util/index.js';
import { missing } from './missing.js';
import type { Report } from './report.js';
import type { TaskScope } from './scopes.js';

/** KFP passes a loop's items as a list, or as JSON text (pipeline_spec.proto, ParameterIteratorSpec). */
const ITEMS_TYPES: readonly (ParameterType | undefined)[] = ['LIST', 'STRING'];

/** Checks a task's parameter or artifact iterator. */
export function checkIterator(scope: TaskScope, report: Report): void {
  if (scope.component === undefined) return;
  if (scope.task.parameterIterator !== undefined) checkParameterIterator(scope, report);
  if (scope.task.artifactIterator !== undefined) checkArtifactIterator(scope, report);
}

function checkParameterIterator({ task, path, component }: TaskScope, report: Report): void {
  const { items, itemInput = '' } = task.parameterIterator!;
  const inputs = component!.inputDefinitions?.parameters ?? {};
  const at = [...path, 'parameterIterator'];
  const item = ownEntry(inputs, itemInput);
  if (item === undefined) reportUnknownInput([...at, 'itemInput'], itemInput, inputs, task, report);
  if (items?.raw !== undefined) {
    checkRawItems(items.raw, item && declaredType(item), [...at, 'items', 'raw'], report);
    return;
  }
  const name = items?.inputParameter ?? '';
  const list = ownEntry(inputs, name);
  if (list === undefined) {
    reportUnknownInput([...at, 'items', 'inputParameter'], name, inputs, task, report);
  } else if (!ITEMS_TYPES.includes(declaredType(list))) {
    const message = `The loop is over "${name}", which is ${declaredType(list)}, not a LIST.`;
    report([...at, 'items', 'inputParameter'], irFindings.loopLimit(message, 'Loop over a LIST.'));
  }
}

function checkRawItems(
  raw: string,
  type: ParameterType | undefined,
  at: TaskScope['path'],
  report: Report,
): void {
  const items = parseList(raw);
  if (items === undefined) {
    report(
      at,
      irFindings.loopLimit('The items of the loop are no JSON list.', 'Write them as ["a", "b"].'),
    );
    return;
  }
  if (items.length > MAX_LOOP_ITEMS) {
    const message = `The loop has ${items.length} items; at most ${MAX_LOOP_ITEMS} are run.`;
    report(at, irFindings.loopLimit(message, 'Let each item stand for a batch.'));
    return;
  }
  // KFP's compiler declares STRING when it does not know the items' type; they are rendered as text.
  if (type === undefined || type === 'STRING') return;
  const index = items.findIndex((item) => !fitsType(item, type));
  if (index < 0) return;
  report(
    at,
    irFindings.parameterType(typeOfValue(items[index]!), type, `Item ${index} of the loop`),
  );
}

function checkArtifactIterator({ task, path, component }: TaskScope, report: Report): void {
  const { items, itemInput = '' } = task.artifactIterator!;
  const inputs = component!.inputDefinitions?.artifacts ?? {};
  const at = [...path, 'artifactIterator'];
  if (ownEntry(inputs, itemInput) === undefined) {
    reportUnknownInput([...at, 'itemInput'], itemInput, inputs, task, report);
  }
  const name = items?.inputArtifact ?? '';
  const list = ownEntry(inputs, name);
  if (list === undefined) {
    reportUnknownInput([...at, 'items', 'inputArtifact'], name, inputs, task, report);
  } else if (list.isArtifactList !== true) {
    const message = `The loop is over the artifact "${name}", which is a single one, not a list.`;
    report(
      [...at, 'items', 'inputArtifact'],
      irFindings.loopLimit(message, 'Loop over a list of artifacts.'),
    );
  }
}

function reportUnknownInput(
  at: TaskScope['path'],
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  task: TaskScope['task'],
  report: Report,
): void {
  const component = `The component "${task.componentRef?.name}"`;
  report(at, irFindings.unknownInput(component, missing(name, Object.keys(inputs))));
}

function parseList(raw: string): readonly JsonValue[] | undefined {
  try {
    const items = JSON.parse(raw) as JsonValue;
    return Array.isArray(items) ? (items as readonly JsonValue[]) : undefined;
  } catch {
    return undefined;
  }
}
