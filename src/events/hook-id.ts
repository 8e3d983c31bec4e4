import type { Hook } from '../config/index.js';
import { sha256Of } from '../storage/index.js';
import { canonicalJson, plainJson } from '../util/index.js';

/** Id of a hook: the same settings have the same id on every worker, whatever their order. */
export function hookId(hook: Hook): string {
  return sha256Of(canonicalJson(plainJson(hook))).slice('sha256:'.length, 'sha256:'.length + 12);
}
