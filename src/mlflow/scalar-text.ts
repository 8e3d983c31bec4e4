import type { JsonValue } from '../util/index.js';

/** A field of an answer that MLflow gives as text or number; anything else is no text. */
export function scalarText(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
