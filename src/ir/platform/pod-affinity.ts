// Node and pod affinity of the platform document in the API's shape.
//
// A1. A term without a weight is required, one with a weight preferred; required node terms are alternatives.

import type { JsonObject, JsonValue } from '../../util/json.js';
import type { KubernetesExecutorConfigJson } from '../spec.js';

type Rules = Record<string, JsonValue>;

/** `affinity` of a pod. */
export type PodAffinity = Readonly<
  Partial<Record<'nodeAffinity' | 'podAffinity' | 'podAntiAffinity', JsonObject>>
>;

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** The affinity of an executor; undefined when it has none. */
export function podAffinity(
  config: KubernetesExecutorConfigJson,
  values: JsonObject,
): PodAffinity | undefined {
  const pods = config.podAffinity ?? [];
  const parts = {
    nodeAffinity: nodeRules(config, values),
    podAffinity: podRules(pods.filter(({ anti }) => !anti)),
    podAntiAffinity: podRules(pods.filter(({ anti }) => anti)),
  };
  const given = Object.entries(parts).filter(([, rules]) => Object.keys(rules).length > 0);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function nodeRules({ nodeAffinity = [] }: KubernetesExecutorConfigJson, values: JsonObject): Rules {
  const rules: Rules = {};
  const required: JsonValue[] = [];
  const preferred: JsonValue[] = [];
  nodeAffinity.forEach(({ matchExpressions, matchFields, weight, nodeAffinityJson }, index) => {
    if (nodeAffinityJson !== undefined) {
      Object.assign(rules, parsed(values[`nodeAffinity[${index}]`]));
      return;
    }
    const term = {
      ...(matchExpressions?.length ? { matchExpressions: plain(matchExpressions) } : {}),
      ...(matchFields?.length ? { matchFields: plain(matchFields) } : {}),
    };
    if (Object.keys(term).length === 0) return;
    if (weight === undefined) required.push(term);
    else preferred.push({ weight, preference: term });
  });
  if (required.length > 0) rules[REQUIRED] = { nodeSelectorTerms: required };
  if (preferred.length > 0) rules[PREFERRED] = preferred;
  return rules;
}

type PodTerm = NonNullable<KubernetesExecutorConfigJson['podAffinity']>[number];

function podRules(terms: readonly PodTerm[]): Rules {
  const required = terms.filter(({ weight }) => weight === undefined).map(podTerm);
  const preferred = terms
    .filter(({ weight }) => weight !== undefined)
    .map((term) => ({ weight: term.weight ?? 1, podAffinityTerm: podTerm(term) }));
  return {
    ...(required.length > 0 ? { [REQUIRED]: required } : {}),
    ...(preferred.length > 0 ? { [PREFERRED]: preferred } : {}),
  };
}

function podTerm(term: PodTerm): JsonObject {
  const selector = selectorOf(term.matchPodExpressions, term.matchPodLabels);
  const namespaceSelector = selectorOf(term.matchNamespaceExpressions, term.matchNamespaceLabels);
  return {
    topologyKey: term.topologyKey ?? '',
    ...(selector === undefined ? {} : { labelSelector: selector }),
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
    ...(term.namespaces?.length ? { namespaces: term.namespaces } : {}),
  };
}

function selectorOf(
  expressions: PodTerm['matchPodExpressions'],
  labels: PodTerm['matchPodLabels'],
): JsonObject | undefined {
  const hasLabels = Object.keys(labels ?? {}).length > 0;
  if (!expressions?.length && !hasLabels) return undefined;
  return {
    ...(expressions?.length ? { matchExpressions: plain(expressions) } : {}),
    ...(hasLabels ? { matchLabels: labels! } : {}),
  };
}

function plain(requirements: NonNullable<PodTerm['matchPodExpressions']>): JsonObject[] {
  return requirements.map(({ key = '', operator = '', values }) => ({
    key,
    operator,
    ...(values?.length ? { values } : {}),
  }));
}

function parsed(value: JsonValue | undefined): JsonObject {
  const json: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as JsonObject)
    : {};
}
