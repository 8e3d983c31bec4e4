// A loop's items, item input and parallelism in the IR.

import type { PipelineTaskSpecJson } from '../../ir/index.js';
import { canonicalJson } from '../../util/index.js';
import type { Iteration } from '../graph.js';
import { isReference } from '../reference.js';
import type { DagScope } from './dag-scope.js';
import { passIn } from './dag-scope.js';

/** The iterator fields of a loop's task; a list known now is written into the spec as JSON. */
export function iteratorJson(
  scope: DagScope,
  { items, parallelism }: Iteration,
): Pick<PipelineTaskSpecJson, 'parameterIterator' | 'artifactIterator' | 'iteratorPolicy'> {
  const itemInput = scope.itemInput!;
  const policy =
    parallelism === undefined ? {} : { iteratorPolicy: { parallelismLimit: parallelism } };
  if (!isReference(items)) {
    return { parameterIterator: { itemInput, items: { raw: canonicalJson(items) } }, ...policy };
  }
  const name = passIn(scope, items);
  return items.kind === 'parameter'
    ? { parameterIterator: { itemInput, items: { inputParameter: name } }, ...policy }
    : { artifactIterator: { itemInput, items: { inputArtifact: name } }, ...policy };
}
