// JSON to protobuf messages and back, strictly, with the place of everything that does not fit.
//
// E1. The protobuf runtime alone decides what fits; this file only narrows a refusal down to the
//     smallest part that is refused by itself.

import {
  type DescField,
  type DescMessage,
  fromJson,
  toJson,
  type JsonValue as ProtoJson,
  type MessageJsonType,
} from '@bufbuild/protobuf';
import { irFindings } from '../../errors/index.js';
import { closestMatch, type JsonObject, type JsonValue } from '../../util/index.js';
import type { Report } from '../validate/report.js';
import type { SpecPath } from '../path.js';

/**
 * Decodes a message from protojson and writes it back in normal form.
 *
 * @param at      path of `json`, for the report
 * @param report  takes one finding for each field that does not fit
 * @returns the normal form, or undefined after reporting
 */
export function decode<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  at: SpecPath,
  report: Report,
): MessageJsonType<Desc> | undefined {
  const attempt = tryDecode(schema, json);
  if ('value' in attempt) return attempt.value;
  narrowMessage(schema, json, at, report, attempt.refusal);
  return undefined;
}

function tryDecode<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
): { value: MessageJsonType<Desc> } | { refusal: string } {
  try {
    const message = fromJson(schema, json as ProtoJson);
    return { value: toJson(schema, message) as MessageJsonType<Desc> };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

function refusalOf(schema: DescMessage, json: JsonValue): string | undefined {
  const attempt = tryDecode(schema, json);
  return 'refusal' in attempt ? attempt.refusal : undefined;
}

function narrowMessage(
  desc: DescMessage,
  json: JsonValue,
  at: SpecPath,
  report: Report,
  refusal: string,
): void {
  const fields =
    isObject(json) && !desc.typeName.startsWith('google.protobuf.') ? Object.entries(json) : [];
  let isNarrower = false;
  for (const [key, value] of fields) {
    const path = [...at, key];
    const field = desc.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    const fieldRefusal = field && refusalOf(desc, { [key]: value });
    if (field !== undefined && fieldRefusal === undefined) continue;
    isNarrower = true;
    if (field === undefined) report(path, unknownField(key, desc));
    else narrowField(field, value, path, report, fieldRefusal!);
  }
  if (!isNarrower) report(at, irFindings.wrongForm(desc.name, explain(refusal)));
}

function narrowField(
  field: DescField,
  value: JsonValue,
  at: SpecPath,
  report: Report,
  refusal: string,
): void {
  const parts = partsOf(field, value).flatMap(([key, part]) => {
    const partRefusal = field.message && refusalOf(field.message, part);
    return partRefusal === undefined
      ? []
      : [{ path: key === undefined ? at : [...at, key], part, partRefusal }];
  });
  if (parts.length === 0) report(at, irFindings.wrongForm(field.jsonName, explain(refusal)));
  for (const { path, part, partRefusal } of parts)
    narrowMessage(field.message!, part, path, report, partRefusal);
}

/** The messages inside a field's value, with the key or index of each. */
function partsOf(field: DescField, value: JsonValue): [string | number | undefined, JsonValue][] {
  if (field.message === undefined) return [];
  if (field.fieldKind === 'list')
    return Array.isArray(value) ? [...(value as JsonValue[]).entries()] : [];
  if (field.fieldKind === 'map') return isObject(value) ? Object.entries(value) : [];
  return [[undefined, value]];
}

function unknownField(key: string, desc: DescMessage) {
  const names = desc.fields.map(({ jsonName }) => jsonName);
  return irFindings.unknownField(key, desc.name, closestMatch(key, names), names);
}

/** Turns the runtime's wording into ours: "cannot decode field a.b.C.d from JSON: expected …". */
function explain(refusal: string): string {
  const reason = refusal.replace(
    /^cannot decode (?:field|message|oneof|enum) \S+ from JSON:? ?/,
    '',
  );
  return reason.replace(
    /^oneof set multiple times by (\w+) and (\w+)$/,
    'sets both $1 and $2; only one is allowed',
  );
}

function isObject(value: JsonValue): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
