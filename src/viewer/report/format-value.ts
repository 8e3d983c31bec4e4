import type { JsonValue } from '../../util/index.js';

/** Writes a number as a report does: whole numbers whole, fractions to four places. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 0.0005 || magnitude >= 1e9)) return value.toExponential(3);
  return magnitude >= 1000 ? value.toFixed(1) : String(Number(value.toFixed(4)));
}

/** Writes any JSON value on one line: `no: 4293, yes: 707`; what nests deeper stays JSON. */
export function formatValue(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (value === null || typeof value !== 'object') return formatScalar(value);
  const members = Object.entries<JsonValue>(value);
  if (members.length === 0) return 'none';
  if (members.some(([, member]) => typeof member === 'object')) return JSON.stringify(value);
  if (Array.isArray(value)) return members.map(([, member]) => formatScalar(member)).join(', ');
  return members.map(([name, member]) => `${name}: ${formatScalar(member)}`).join(', ');
}

function formatScalar(value: JsonValue): string {
  if (value === '') return '""';
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Writes an ISO time as `2026-01-31 09:45:02 UTC`. */
export function formatTime(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

/** The first characters of a digest, enough to tell two apart: `sha256:1f3a09bc`. */
export function shortDigest(digest: string): string {
  return digest.replace(/^([a-z0-9]+:)?([0-9a-f]{12})[0-9a-f]+$/, '$1$2');
}
