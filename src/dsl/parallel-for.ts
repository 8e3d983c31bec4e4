// Loops: the same tasks for every item of a list, at the same time.
//
// F1. What the body returns is collected in the order of the items, whatever ends first.

import { dslErrors } from '../errors/index.js';
import { acceptsType } from './check-argument.js';
import type {
  ArtifactListReference,
  ArtifactReference,
  Group,
  Iteration,
  ParameterReference,
  Reference,
  Task,
} from './graph.js';
import { NODE } from './graph.js';
import type { BodyResult, OutputsOf } from './group-output.js';
import { runBody } from './group-output.js';
import { describeValue, isJson, literalProblem } from './literal.js';
import type { LiteralOf, ParameterKind, ParameterType } from './parameter-type.js';
import { checkReachable } from './reachable.js';
import { createGroup, currentGroup } from './recording.js';
import { createReference, describeType, isReference, typeOf } from './reference.js';
import { createOutputs } from './task.js';
import type { ValueType } from './value-type.js';

interface LoopOptions {
  /** Shown instead of `for-loop-1`. */
  readonly name?: string;
  /** At most this many items at once, from 1; default: no limit. */
  readonly parallelism?: number;
}

/** A loop over a list known now, or over a list parameter; `item` says what one item is. */
export interface ParameterLoop<Kind extends ParameterKind> extends LoopOptions {
  readonly items: readonly LiteralOf<Kind>[] | ParameterReference<'list'>;
  readonly item: ParameterType<Kind>;
}

/** A loop over a list of artifacts. */
export interface ArtifactLoop<Title extends string> extends LoopOptions {
  readonly items: ArtifactListReference<Title>;
}

/** A placed loop; its outputs are lists of what the body returned. */
export type Loop<Outputs> = Task<{
  readonly [Name in keyof Outputs]: Outputs[Name] extends { readonly schemaTitle: infer Title }
    ? ArtifactListReference<Title & string>
    : ParameterReference<'list'>;
}>;

/**
 * Places tasks once for every item of a list.
 *
 * @param body  places the tasks for one item; what it returns is collected into `outputs` (F1)
 * @throws E_LOOP_LIMIT for items that are no list, or a parallelism below 1
 */
export function parallelFor<Kind extends ParameterKind, Result extends BodyResult>(
  loop: ParameterLoop<Kind>,
  body: (item: ParameterReference<Kind>) => Result,
): Loop<OutputsOf<Result>>;
export function parallelFor<Title extends string, Result extends BodyResult>(
  loop: ArtifactLoop<Title>,
  body: (item: ArtifactReference<Title>) => Result,
): Loop<OutputsOf<Result>>;
export function parallelFor(
  loop: ParameterLoop<ParameterKind> | ArtifactLoop<string>,
  body: (item: never) => BodyResult,
): Loop<Readonly<Record<string, Reference>>> {
  const { name, parallelism } = loop;
  if (parallelism !== undefined && !(Number.isInteger(parallelism) && parallelism >= 1)) {
    const found = `parallelism ${describeValue(parallelism)}`;
    throw dslErrors.invalidLoop({ found, expected: 'a whole number from 1' });
  }
  const iteration: Iteration = {
    ...checkItems(loop),
    ...(parallelism === undefined ? {} : { parallelism }),
  };
  const group = createGroup('for-loop', {
    parent: currentGroup('parallelFor'),
    iteration,
    ...(name === undefined ? {} : { displayName: name }),
  });
  group.parent!.children.push(group);
  const item = createReference(iteration.itemType, { from: 'item', group });
  const returned = runBody(group, () => body(item as never));
  for (const [output, reference] of returned) collect(group, output, reference);
  const types = Object.fromEntries([...group.outputs].map(([key, { type }]) => [key, type]));
  return {
    get name() {
      return group.name;
    },
    outputs: createOutputs(group, types) as never,
    [NODE]: group,
  };
}

function checkItems(
  loop: ParameterLoop<ParameterKind> | ArtifactLoop<string>,
): Pick<Iteration, 'items' | 'itemType'> {
  const { items } = loop;
  const item = 'item' in loop ? loop.item : undefined;
  if (isReference(items)) {
    checkReachable(items, 'parallelFor');
    const { schemaTitle, schemaVersion } = items as ArtifactListReference;
    if (items.kind === 'artifact-list') {
      return {
        items,
        itemType: { kind: 'artifact', schemaTitle, schemaVersion, isRequired: true },
      };
    }
    if (item !== undefined && acceptsType(LIST, items)) return { items, itemType: item };
    throw dslErrors.invalidLoop({ found: describeType(items), expected: LIST_AND_ITEM });
  }
  if (!Array.isArray(items) || !isJson(items) || item === undefined) {
    throw dslErrors.invalidLoop({ found: describeValue(items), expected: LIST_AND_ITEM });
  }
  for (const value of items) {
    const problem = literalProblem(item.parameterKind, value);
    if (problem !== undefined) throw dslErrors.invalidLoop(problem);
  }
  return { items, itemType: item };
}

const LIST: ValueType = { kind: 'parameter', parameterKind: 'list', isRequired: true };
const LIST_AND_ITEM = 'a list with `item`, its items’ type, or a list of artifacts';

function collect(group: Group, output: string, reference: Reference): void {
  const type = typeOf(reference);
  group.outputs.set(output, {
    type: type.kind === 'parameter' ? LIST : { ...type, kind: 'artifact-list' },
    references: [reference],
    isOneOf: false,
  });
}
