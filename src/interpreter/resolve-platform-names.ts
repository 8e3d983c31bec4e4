import type { ComponentSpecJson } from '../ir/index.js';
import type { JsonObject, JsonValue } from '../util/json.js';
import { resolveParameter } from './resolve-inputs.js';
import type { InputSources } from './resolve-inputs.js';

/** The names that a task's platform settings refer to; one without a value, or null, is left out. */
export function resolvePlatformNames(
  task: string,
  component: ComponentSpecJson,
  sources: InputSources,
): JsonObject | undefined {
  const references = sources.plan.executors[component.executorLabel ?? '']?.platformNames;
  if (references === undefined) return undefined;
  const names: Record<string, JsonValue> = {};
  for (const [where, reference] of Object.entries(references)) {
    const value = resolveParameter(task, reference, sources)?.value;
    if (value !== undefined && value !== null) names[where] = value;
  }
  return names;
}
