// Concat and IfPresent, which KFP compiles to JSON text inside an argument list.

import { badPlaceholderStructure } from '../../errors/task.js';
import type { JsonObject, JsonValue } from '../../util/json.js';

const STRUCTURE = /^\s*\{\s*"(?:Concat|IfPresent)"\s*:/;

/**
 * Takes one element of a command or argument list apart.
 *
 * @param isPresent tells whether the task got an input of that name
 * @returns the arguments it stands for, each as the list of texts to render and join; an ordinary
 *     element is one argument of one text, an IfPresent whose branch is absent is none
 */
export function resolveStructure(
  element: string,
  isPresent: (name: string) => boolean,
): string[][] {
  if (!STRUCTURE.test(element)) return [[element]];
  let structure: JsonValue;
  try {
    structure = JSON.parse(element) as JsonValue;
  } catch {
    // Text that only looks like a structure, such as a JSON argument written by hand.
    return [[element]];
  }
  return resolve(structure, isPresent, element);
}

function resolve(
  node: JsonValue | undefined,
  isPresent: (name: string) => boolean,
  element: string,
): string[][] {
  if (node === undefined || node === null) return [];
  if (typeof node === 'string') return [[node]];
  if (Array.isArray(node)) {
    return node.flatMap((item: JsonValue) => resolve(item, isPresent, element));
  }
  if (typeof node !== 'object') throw badPlaceholderStructure(element);
  const { Concat: parts, IfPresent: choice } = node as JsonObject;
  if (Array.isArray(parts)) {
    return [parts.flatMap((part: JsonValue) => resolve(part, isPresent, element).flat())];
  }
  if (typeof choice !== 'object' || choice === null || Array.isArray(choice)) {
    throw badPlaceholderStructure(element);
  }
  const { InputName: name, Then: then, Else: otherwise } = choice as JsonObject;
  if (typeof name !== 'string') throw badPlaceholderStructure(element);
  return resolve(isPresent(name) ? then : otherwise, isPresent, element);
}
