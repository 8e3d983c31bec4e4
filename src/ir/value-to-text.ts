import type { JsonValue } from '../util/index.js';

/**
 * Writes a parameter's value as text, as KFP does where a STRING is wanted (backend
 * metadata/converter.go, PbValueToText): text as it is, null as nothing, numbers without an
 * exponent, lists and structs as JSON.
 */
export function valueToText(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return plainDecimal(value);
  return JSON.stringify(value);
}

/** JavaScript writes an exponent below 1e-6 and from 1e21; Go's FormatFloat(…, 'f', -1, 64) never. */
function plainDecimal(value: number): string {
  const [digits, exponent] = String(value).split('e') as [string, string?];
  if (exponent === undefined) return digits;
  const sign = digits.startsWith('-') ? '-' : '';
  const [whole, fraction = ''] = digits.replace('-', '').split('.') as [string, string?];
  const places = Number(exponent);
  return places < 0
    ? `${sign}0.${'0'.repeat(-places - 1)}${whole}${fraction}`
    : `${sign}${whole}${fraction}${'0'.repeat(places - fraction.length)}`;
}
