// Elements of a command that are put together when the task runs: KFP's Concat and IfPresent.
//
// E1. An element becomes JSON text in the list it stands in; an element within another stays an object
//     (kfp.dsl.placeholders). Constants cannot end up as structure: JSON quotes them.

import { dslErrors } from '../errors/index.js';

/** One argument made of several texts. */
export interface Concat {
  readonly kind: 'concat';
  readonly parts: readonly CommandElement[];
}

/** What stands here depends on whether an input was given; without `otherwise` nothing may. */
export interface IfPresent {
  readonly kind: 'if-present';
  readonly input: string;
  readonly then: CommandElement | readonly CommandElement[];
  readonly otherwise?: CommandElement | readonly CommandElement[];
}

/** Text, placeholders included, or what is decided when the task runs. */
export type CommandElement = string | Concat | IfPresent;

/** Joins texts into one argument: `concat('--data=', inputs.train_data.path)`. */
export function concat(...parts: readonly CommandElement[]): Concat {
  return { kind: 'concat', parts };
}

/** Makes `ifPresent` for a component's own inputs. */
export function ifPresentOf<Name extends string>() {
  return (input: Name, then: IfPresent['then'], otherwise?: IfPresent['otherwise']): IfPresent => ({
    kind: 'if-present',
    input,
    then,
    ...(otherwise === undefined ? {} : { otherwise }),
  });
}

/** Renders an element of a command or argument list (E1). */
export function elementText(element: CommandElement): string {
  return typeof element === 'string' ? element : JSON.stringify(structure(element));
}

function structure(element: CommandElement): unknown {
  if (typeof element === 'string') return element;
  if (element.kind === 'concat') {
    if (element.parts.some(isSeveral)) throw dslErrors.listWithinConcat();
    return { Concat: element.parts.map(structure) };
  }
  const { input, then, otherwise } = element;
  return {
    IfPresent: {
      InputName: input,
      Then: branch(then),
      ...(otherwise === undefined ? {} : { Else: branch(otherwise) }),
    },
  };
}

function branch(elements: NonNullable<IfPresent['otherwise']>): unknown {
  return isList(elements) ? elements.map(structure) : structure(elements);
}

/** Whether an element may stand for several arguments, which cannot be joined into one. */
function isSeveral(element: CommandElement): boolean {
  if (typeof element === 'string' || element.kind === 'concat') return false;
  return [element.then, element.otherwise ?? ''].some((part) => isList(part) || isSeveral(part));
}

// Array.isArray does not narrow readonly arrays.
function isList(
  elements: CommandElement | readonly CommandElement[],
): elements is readonly CommandElement[] {
  return Array.isArray(elements);
}
