import type { Hook } from '../config/index.js';
import type { HookPlan } from '../contract/index.js';
import { matchesPattern } from '../util/index.js';
import { hookId } from './hook-id.js';

/** The hooks that want to hear of a pipeline. */
export function hooksOf(hooks: readonly Hook[], pipeline: string): HookPlan[] {
  return hooks
    .filter(({ pipelines }) => pipelines?.some((glob) => matchesPattern(glob, pipeline)) ?? true)
    .map((hook) => ({ id: hookId(hook), on: hook.on }));
}
