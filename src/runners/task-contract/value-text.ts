// Parameter values as text, in command lines and output files.
//
// Numbers follow KFP's launcher (Go's strconv 'f' format, shortest digits): 100, not 100.0, and
// never an exponent. Booleans are true and false, lists and structs JSON.

import type { JsonValue } from '../../util/json.js';

/** Writes a parameter's value as a placeholder shows it; null is empty text. */
export function valueToText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberToText(value);
  if (value === null) return '';
  return JSON.stringify(value);
}

function numberToText(value: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (!match) return Object.is(value, -0) ? '-0' : String(value);
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponentText);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
