import { validationError } from './api-error.js';
import type { Fleet } from './fleet.js';
import type { Input } from './operations.js';

/**
 * Reads the weights of an UpdateEndpointWeightsAndCapacities: those of the named variants, by name.
 *
 * @throws ApiError for a variant that the fleet does not have, and for what this fake does not change
 */
export function readWeights(input: Input, fleet: Fleet): ReadonlyMap<string, number> {
  const wanted = input['DesiredWeightsAndCapacities'] as readonly DesiredWeight[];
  const names = wanted.map(({ VariantName }) => VariantName);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw validationError(`The variant name "${twice}" was non-unique within the request.`);
  }
  return new Map(
    wanted.map(({ VariantName, DesiredWeight, ...capacity }) => {
      if (fleet.weightsOf(VariantName) === undefined) {
        throw validationError(
          `The variant name(s) "${VariantName}" is/are not present within endpoint configuration "${fleet.configName}".`,
        );
      }
      if (DesiredWeight === undefined || Object.keys(capacity).length > 0) {
        throw validationError('This fake changes weights only.');
      }
      return [VariantName, DesiredWeight];
    }),
  );
}

/** Whether an UpdateEndpoint leaves the weights as they are, whatever its configuration says. */
export function retainsWeights(input: Input): boolean {
  const excluded = (input['ExcludeRetainedVariantProperties'] ?? []) as readonly {
    readonly VariantPropertyType: string;
  }[];
  const isExcluded = excluded.some((each) => each.VariantPropertyType === 'DesiredWeight');
  return input['RetainAllVariantProperties'] === true && !isExcluded;
}

interface DesiredWeight {
  readonly VariantName: string;
  readonly DesiredWeight?: number;
}
