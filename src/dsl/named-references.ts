// References by name, which answer a wrong name with an error rather than with undefined.

import type { AnnealError } from '../errors/index.js';
import { closestMatch } from '../util/index.js';
import type { Source } from './graph.js';
import type { ReferencesOf } from './reference.js';
import { createReference } from './reference.js';
import type { ValueTypes } from './value-type.js';

/** The names there are, and the one that is nearest to the wrong one. */
export interface KnownNames {
  readonly declared: readonly string[];
  readonly nearest?: string;
}

/** Makes one reference for each declared value. */
export function namedReferences<Types extends ValueTypes>(
  types: Types,
  about: {
    readonly sourceOf: (name: string) => Source;
    readonly unknown: (name: string, names: KnownNames) => AnnealError;
  },
): ReferencesOf<Types> {
  const references = new Map(
    Object.entries(types).map(([name, type]) => [
      name,
      createReference(type, about.sourceOf(name)),
    ]),
  );
  return new Proxy(Object.freeze(Object.fromEntries(references)), {
    get(target, name, receiver): unknown {
      if (typeof name !== 'string' || references.has(name)) {
        return Reflect.get(target, name, receiver);
      }
      // Asked for by await and JSON.stringify of anything.
      if (name === 'then' || name === 'toJSON') return undefined;
      const declared = [...references.keys()];
      throw about.unknown(name, { declared, nearest: closestMatch(name, declared) });
    },
  }) as unknown as ReferencesOf<Types>;
}
