// JSON as Python's json module writes it: NaN, Infinity and -Infinity are allowed there.
//
// J1. They become the strings "NaN", "Infinity", "-Infinity", protojson's spelling of such doubles,
//     so that they survive storage and never pass for numbers.
// J2. `__proto__` is an ordinary key.

import type { JsonValue } from '../../util/json.js';

const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs;

/** Parses JSON text, Python's non-finite numbers included (J1). Throws SyntaxError. */
export function parseTolerantJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const repaired = text.replace(STRING_OR_NON_FINITE, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    if (repaired === text) throw error;
    return JSON.parse(repaired) as JsonValue;
  }
}
