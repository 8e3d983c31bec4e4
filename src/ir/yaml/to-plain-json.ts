// YAML nodes to JSON values, refusing what JSON and KFP cannot hold.
//
// J1. Aliases are expanded with a budget, so that a small file cannot become a huge value.
// J2. Equal keys, keys that are no scalars, NaN, infinities and integers beyond 2^53 are errors:
//     each of them would silently change its value on the way.

import {
  type Document,
  isAlias,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { irErrors } from '../../errors/index.js';
import type { JsonValue } from '../../util/index.js';
import { MAX_DEPTH, type YamlFile } from './parse-documents.js';

// 10,000 values made by aliases: far above any hand-written use, far below a bomb.
const MAX_EXPANDED_VALUES = 10_000;
/** `010` is 8 for KFP's YAML 1.1 reader and 10 for ours. */
const LEADING_ZERO = /^[-+]?0\d+$/;

interface Conversion {
  readonly place: YamlFile['place'];
  readonly anchors: Map<string, Node>;
  depth: number;
  /** Aliases around the node being converted. */
  aliases: number;
  /** Values made inside aliases so far (J1). */
  expanded: number;
}

/**
 * Converts a document's content to a JSON value; an empty document is null.
 *
 * @throws E_YAML, E_YAML_LIMIT, E_NAME (a key that no object can hold safely)
 */
export function toPlainJson(document: Document.Parsed, place: YamlFile['place']): JsonValue {
  return convert(document.contents, {
    place,
    anchors: new Map(),
    depth: 0,
    aliases: 0,
    expanded: 0,
  });
}

function convert(node: unknown, conversion: Conversion): JsonValue {
  if (node === null || node === undefined) return null;
  if (conversion.aliases > 0) conversion.expanded += 1;
  refuseExcess(node as Node, conversion);
  if (isAlias(node)) return expandAlias(node.source, offsetOf(node), conversion);
  const { anchor } = node as { anchor?: string };
  if (anchor !== undefined) conversion.anchors.set(anchor, node as Node);
  if (isScalar(node)) return scalarValue(node, conversion);
  conversion.depth += 1;
  const value = isSeq(node)
    ? node.items.map((item) => convert(item, conversion))
    : convertMap(node as YAMLMap, conversion);
  conversion.depth -= 1;
  return value;
}

function refuseExcess(node: Node, { place, depth, expanded }: Conversion): void {
  if (depth > MAX_DEPTH) {
    throw irErrors.yamlLimit(place(offsetOf(node)), `nests deeper than ${MAX_DEPTH} levels`);
  }
  if (expanded > MAX_EXPANDED_VALUES) {
    const limit = `expands to more than ${MAX_EXPANDED_VALUES} values by aliases`;
    throw irErrors.yamlLimit(place(offsetOf(node)), limit);
  }
}

function expandAlias(anchor: string, offset: number, conversion: Conversion): JsonValue {
  const target = conversion.anchors.get(anchor);
  if (target === undefined) {
    throw irErrors.malformedYaml(conversion.place(offset), `the alias *${anchor} has no anchor.`);
  }
  conversion.aliases += 1;
  const value = convert(target, conversion);
  conversion.aliases -= 1;
  return value;
}

function convertMap(map: YAMLMap, conversion: Conversion): JsonValue {
  const entries = new Map<string, JsonValue>();
  for (const { key, value } of map.items) {
    const name = keyName(key, conversion);
    if (entries.has(name)) {
      const repeated = `the key ${JSON.stringify(name)} is given twice.`;
      throw irErrors.malformedYaml(conversion.place(offsetOf(key)), repeated);
    }
    entries.set(name, convert(value, conversion));
  }
  return Object.fromEntries(entries);
}

function keyName(key: unknown, { place }: Conversion): string {
  if (!isScalar(key)) {
    throw irErrors.malformedYaml(place(offsetOf(key)), 'a key is a list, a mapping or an alias.');
  }
  const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
  if (name === '__proto__') throw irErrors.reservedKey(place(offsetOf(key)), name);
  return name;
}

function scalarValue(scalar: Scalar, { place }: Conversion): JsonValue {
  const { value, source = '' } = scalar;
  if (typeof value !== 'number') return value as string | boolean | null;
  const refuse = (why: string) =>
    irErrors.malformedYaml(place(offsetOf(scalar)), `the number ${source.slice(0, 40)} ${why}`);
  if (!Number.isFinite(value)) throw refuse('is not finite; JSON has no such number.');
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source)) {
    throw refuse('is beyond 2^53 and would lose digits; write it as a quoted string.');
  }
  if (LEADING_ZERO.test(source)) {
    throw refuse('has a leading zero, which other readers take for octal; remove it or quote it.');
  }
  return value;
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}
