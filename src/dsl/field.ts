import { checkName } from './names.js';
import type { ParameterReference, Reference } from './graph.js';
import { SOURCE } from './graph.js';
import { dslErrors } from '../errors/index.js';
import type { ParameterKind, ParameterType } from './parameter-type.js';
import { createReference, describeSource } from './reference.js';

/** Fields made so far, so that one field is one reference (graph.ts, G1). */
const known = new WeakMap<Reference, Map<string, ParameterReference>>();

/**
 * Reads one field of a loop's item: `field(item, 'rate', double())`.
 *
 * @throws E_KIND for anything but the item of a loop over structs
 */
export function field<Kind extends ParameterKind>(
  item: ParameterReference<'struct'>,
  name: string,
  type: ParameterType<Kind>,
): ParameterReference<Kind> {
  checkName('field', name);
  const source = item[SOURCE];
  if (source.from !== 'item' || source.field !== undefined) {
    throw dslErrors.fieldOfNoItem(describeSource(source));
  }
  const fields = known.get(item) ?? new Map<string, ParameterReference>();
  known.set(item, fields);
  const key = `${name}:${type.kind}:${type.parameterKind}`;
  const reference = fields.get(key) ?? createReference(type, { ...source, field: name });
  fields.set(key, reference);
  return reference as ParameterReference<Kind>;
}
