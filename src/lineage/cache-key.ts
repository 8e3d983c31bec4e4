// When two executions of a task are the same.
//
// C1. The key holds everything a task can see that may change its outputs: its code, its environment, its parameters,
//     and of each input artifact the bytes, type, name and metadata. Addresses are left out: they differ in every run.
// C2. What cannot be identified by content is not cached, and the reason is given.

import type { ArtifactRef, TaskValues } from '../contract/index.js';
import { sha256Of } from '../storage/index.js';
import { canonicalJson, type JsonObject, type JsonValue } from '../util/index.js';

export interface CacheKeyParts {
  readonly componentDigest: string;
  /** Digest of the environment or image that would run the code. */
  readonly environmentDigest: string;
  readonly inputs: TaskValues;
  /** The component's outputDefinitions, as JSON. */
  readonly outputDefinitions: JsonValue;
  /** Platform settings with names resolved: volumes are known by name, as in KFP's fingerprint. */
  readonly platform?: JsonValue;
}

export type CacheKey =
  | { readonly cacheable: true; readonly cacheKey: string }
  /** `reason` completes "not cached, because …". */
  | { readonly cacheable: false; readonly reason: string };

/** Makes the cache key of a task: `sha256:<hex>` over canonical JSON (C1). */
export function cacheKeyOf(parts: CacheKeyParts): CacheKey {
  const unknown = Object.entries(parts.inputs.artifacts).find(([, artifacts]) =>
    artifacts.some(({ digest }) => digest === undefined),
  );
  if (unknown !== undefined) {
    const reason = `the content of its input "${unknown[0]}" is not known to the store`;
    return { cacheable: false, reason };
  }
  const identity = {
    schema: 'anneal-cache-1',
    component: parts.componentDigest,
    environment: parts.environmentDigest,
    parameters: parts.inputs.parameters,
    artifacts: Object.fromEntries(
      Object.entries(parts.inputs.artifacts).map(([name, list]) => [name, list.map(identityOf)]),
    ),
    outputs: parts.outputDefinitions,
    ...(parts.platform === undefined ? {} : { platform: parts.platform }),
  };
  return { cacheable: true, cacheKey: sha256Of(canonicalJson(identity)) };
}

/**
 * Digests a component's interface and code, whatever label its pipeline gives its executor.
 *
 * @param component  ComponentSpec of the IR, as JSON
 * @param executor   ExecutorSpec its label stands for, as JSON
 */
export function componentDigest(component: object, executor: object): string {
  const unlabelled = { ...component, executorLabel: undefined };
  const plain = JSON.stringify({ component: unlabelled, executor });
  return sha256Of(canonicalJson(JSON.parse(plain) as JsonObject));
}

/** What of a task's inputs can change its outputs, by `parameters.<name>` and `artifacts.<name>` (C1). */
export function inputIdentity({ parameters, artifacts }: TaskValues): JsonObject {
  return Object.fromEntries([
    ...Object.entries(parameters).map(([name, value]) => [`parameters.${name}`, value] as const),
    ...Object.entries(artifacts).map(
      ([name, list]) => [`artifacts.${name}`, list.map(identityOf)] as const,
    ),
  ]);
}

function identityOf({ name, type, schemaVersion, digest, metadata }: ArtifactRef): JsonObject {
  return { name, type, schemaVersion, digest: digest ?? null, metadata };
}
