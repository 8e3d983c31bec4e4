// Checks an object against the published OpenAPI schema, as @kubernetes/client-node carries it: every field must
// exist there and be of its type. Required fields and ranges are the real API server's to check.

import * as models from '@kubernetes/client-node';

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}
interface Model {
  getAttributeTypeMap(): readonly Attribute[];
}

const PLAIN: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  any: () => true,
  Date: (value) => typeof value === 'string',
  V1MicroTime: (value) => typeof value === 'string',
  IntOrString: (value) => typeof value === 'string' || Number.isInteger(value),
};

/** @returns what is wrong, by JSON path; empty when all is well */
export function checkObject(kind: string, value: unknown, path = '$'): string[] {
  const list = /^(?:Array|Set)<(.+)>$/.exec(kind)?.[1];
  if (list !== undefined) {
    if (!Array.isArray(value)) return [`${path}: expected a list`];
    return value.flatMap((item, index) => checkObject(list, item, `${path}[${index}]`));
  }
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(kind)?.[1];
  if (map !== undefined) {
    if (!isObject(value)) return [`${path}: expected a map`];
    return Object.entries(value).flatMap(([key, item]) => checkObject(map, item, `${path}.${key}`));
  }
  const plain = PLAIN[kind];
  if (plain !== undefined) return plain(value) ? [] : [`${path}: expected ${kind}`];
  const model = (models as unknown as Record<string, Model | undefined>)[kind];
  if (model === undefined) return isObject(value) ? [] : [`${path}: expected an object`];
  if (!isObject(value)) return [`${path}: expected ${kind}`];
  const attributes = new Map(model.getAttributeTypeMap().map((each) => [each.baseName, each.type]));
  return Object.entries(value).flatMap(([field, item]) => {
    const type = attributes.get(field);
    if (type === undefined) return [`${path}.${field}: ${kind} has no such field`];
    return item === null ? [] : checkObject(type, item, `${path}.${field}`);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
