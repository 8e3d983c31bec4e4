import type { ComponentSpecJson, ExecutorSpecJson } from '../ir/index.js';
import { sha256Of } from '../storage/index.js';
import { canonicalJson, plainJson, type JsonValue } from '../util/index.js';
import { plainSource } from './plain-source.js';

/** The flag with which KFP's executor is told which function of a source it runs. */
const FUNCTION_FLAG = '--function_to_execute';

/**
 * Digests what of a component can change its outputs: descriptions are left out, and comments of a source
 * that KFP's SDK carries in the command.
 */
export function codeDigest(component: ComponentSpecJson, executor: ExecutorSpecJson): string {
  const { container } = executor;
  const carriesSource = container?.args?.includes(FUNCTION_FLAG) === true;
  const plain = {
    component: withoutDescriptions(plainJson({ ...component, executorLabel: undefined })),
    executor: plainJson(
      carriesSource
        ? {
            ...executor,
            container: { ...container, command: container?.command?.map(plainSource) },
          }
        : executor,
    ),
  };
  return sha256Of(canonicalJson(plain));
}

/** Drops the `description` of inputs and outputs, never an input of that name. */
function withoutDescriptions(value: JsonValue, depth = 0): JsonValue {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value as Record<string, JsonValue>)
    .filter(([name]) => depth !== DEFINITION_DEPTH || name !== 'description')
    .map(([name, item]) => [
      name,
      depth < DEFINITION_DEPTH ? withoutDescriptions(item, depth + 1) : item,
    ]);
  return Object.fromEntries(entries) as JsonValue;
}

/** inputDefinitions → parameters → name → description. */
const DEFINITION_DEPTH = 3;
