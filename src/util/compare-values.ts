import { canonicalJson, type JsonValue } from './json.js';

/** One named value of several things, in their order; null where a thing has none. */
export interface ComparedValues {
  readonly name: string;
  readonly values: readonly JsonValue[];
  /** Whether any differs from the first. */
  readonly differs: boolean;
}

/** Brings the values of several things together, by name; names are in the order in which the things have them. */
export function compareValues(things: readonly ReadonlyMap<string, JsonValue>[]): ComparedValues[] {
  const names = new Set(things.flatMap((thing) => [...thing.keys()]));
  return [...names].map((name) => {
    const values = things.map((thing) => thing.get(name) ?? null);
    const [first, ...others] = values.map(canonicalJson);
    return { name, values, differs: others.some((other) => other !== first) };
  });
}
