// Names and values as MLflow takes them (mlflow/utils/validation.py of 3.17).

import { sha256Of } from '../../storage/index.js';
import type { JsonValue } from '../../util/index.js';

const MAX_KEY = 250;
const MAX_PARAM = 6000;
const MAX_TAG = 5000;
const HASH_CHARS = 8;

/** A name of a parameter or metric: what MLflow does not know in it becomes `_`; a long one ends in its hash. */
export function mlflowKey(name: string): string {
  const known = name.replace(/[^\w\-. :/]/g, '_');
  if (known === name && name.length <= MAX_KEY) return name;
  const hash = sha256Of(name).slice('sha256:'.length, 'sha256:'.length + HASH_CHARS);
  return `${known.slice(0, MAX_KEY - HASH_CHARS - 1)}-${hash}`;
}

/** A parameter's value: text as it is, anything else as JSON. */
export function mlflowParam(value: JsonValue): string {
  return shortened(typeof value === 'string' ? value : JSON.stringify(value), MAX_PARAM);
}

export function mlflowTag(text: string): string {
  return shortened(text, MAX_TAG);
}

function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
