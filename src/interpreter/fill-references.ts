import type { JsonObject, JsonValue } from '../util/json.js';

const PARAMETER_REFERENCE = /\{\{\$\.inputs\.parameters\[(['"])(.+?)\1\]\}\}/gu;

/**
 * Replaces references to a task's own parameters, `{{$.inputs.parameters['x']}}`, in strings and keys; a string
 * that is nothing but one reference takes the parameter's type. What is filled in is never looked at again.
 *
 * @param lookUp  a parameter's value; undefined leaves the reference as it is
 */
export function fillReferences(
  value: JsonValue,
  lookUp: (name: string) => JsonValue | undefined,
): JsonValue {
  if (typeof value === 'string') return fillText(value, lookUp);
  if (Array.isArray(value)) return value.map((item: JsonValue) => fillReferences(item, lookUp));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, item]) => [
      asText(fillText(key, lookUp)),
      fillReferences(item, lookUp),
    ]),
  );
}

function fillText(text: string, lookUp: (name: string) => JsonValue | undefined): JsonValue {
  const [first, ...others] = text.matchAll(PARAMETER_REFERENCE);
  if (first !== undefined && others.length === 0 && first[0] === text) {
    return lookUp(first[2]!) ?? text;
  }
  return text.replace(PARAMETER_REFERENCE, (reference, _quote, name: string) => {
    const value = lookUp(name);
    return value === undefined ? reference : asText(value);
  });
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
