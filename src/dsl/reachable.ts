// Whether a value can be read from where the pipeline is being built now.

import { dslErrors } from '../errors/index.js';
import type { Group, Reference } from './graph.js';
import { SOURCE } from './graph.js';
import { currentGroup } from './recording.js';
import { describeSource, homeOf } from './reference.js';

/**
 * Refuses a value of another pipeline, or one from inside a branch or loop read outside it.
 *
 * @throws E_UNKNOWN_OUTPUT
 */
export function checkReachable(reference: Reference, reader: string): void {
  const home = homeOf(reference);
  let group: Group | undefined = currentGroup(reader);
  while (group !== undefined) {
    if (group === home) return;
    group = group.parent;
  }
  throw dslErrors.unreachableValue(reader, describeSource(reference[SOURCE]), home.kind);
}
