// Arguments that are JSON of a Concat or an IfPresent, nested within each other or not.

import { irFindings } from '../../errors/index.js';
import type { SpecPath } from '../path.js';
import type { JsonObject, JsonValue } from '../../util/index.js';
import { missing } from './missing.js';
import { checkPlaceholderText, type Ports } from './placeholder-text.js';
import type { Report } from './report.js';

/** How KFP tells them from plain text (backend driver/util.go, isConditionClause). */
const STRUCTURED = /^\s*\{\s*"(?:Concat|IfPresent)"\s*:/;
// 32: KFP's SDK nests two levels in practice.
const MAX_DEPTH = 32;

/** Checks one element of a command or of its arguments. */
export function checkArgument(
  argument: string,
  ports: Ports,
  path: SpecPath,
  report: Report,
): void {
  if (!STRUCTURED.test(argument)) {
    checkPlaceholderText(argument, ports, path, report);
    return;
  }
  try {
    checkElement(JSON.parse(argument) as JsonValue, { ports, path, report, depth: 0 });
  } catch {
    report(
      path,
      irFindings.badPlaceholder(argument, 'begins like Concat or IfPresent, but is no JSON'),
    );
  }
}

interface Place {
  readonly ports: Ports;
  readonly path: SpecPath;
  readonly report: Report;
  readonly depth: number;
}

function checkElement(element: JsonValue, place: Place): void {
  if (typeof element === 'string') {
    checkPlaceholderText(element, place.ports, place.path, place.report);
    return;
  }
  const inner = { ...place, depth: place.depth + 1 };
  const { Concat: concat, IfPresent: ifPresent, ...rest } = isObject(element) ? element : {};
  const isSingle =
    (concat === undefined) !== (ifPresent === undefined) && Object.keys(rest).length === 0;
  if (!isSingle || place.depth > MAX_DEPTH) {
    refuse(element, 'is neither text nor one Concat or IfPresent', place);
  } else if (Array.isArray(concat)) {
    (concat as readonly JsonValue[]).forEach((item) => checkElement(item, inner));
  } else if (isObject(ifPresent)) {
    checkIfPresent(ifPresent, inner);
  } else {
    refuse(element, 'has the wrong form: Concat takes a list, IfPresent a mapping', place);
  }
}

function checkIfPresent(clause: JsonObject, place: Place): void {
  const { InputName: input, Then: then, Else: otherwise, ...rest } = clause;
  if (typeof input !== 'string' || then === undefined || Object.keys(rest).length > 0) {
    refuse({ IfPresent: clause }, 'needs InputName and Then, and may have Else', place);
    return;
  }
  const inputs = new Set([...place.ports.inputParameters, ...place.ports.inputArtifacts]);
  if (!inputs.has(input)) {
    const finding = irFindings.unknownInPlaceholder('IfPresent', 'input', missing(input, inputs));
    place.report(place.path, finding);
  }
  for (const branch of [then, otherwise ?? []]) {
    const elements = Array.isArray(branch) ? (branch as readonly JsonValue[]) : [branch];
    elements.forEach((element) => checkElement(element, place));
  }
}

function refuse(element: JsonValue, reason: string, { path, report }: Place): void {
  report(path, irFindings.badPlaceholder(JSON.stringify(element), reason));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
