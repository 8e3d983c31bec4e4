import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import type { Locate, SpecPath } from '../path.js';
import type { YamlFile } from './parse-documents.js';

/**
 * Makes a function that finds a path's place in the file: the key of its last step, or of the
 * deepest step that the file has (a missing field is reported where it should have been).
 */
export function locateIn(file: YamlFile): Locate {
  return (path) => {
    const isSecond = typeof path[0] === 'number';
    const document = file.documents[isSecond ? 1 : 0];
    return file.place(offsetAt(document?.contents, isSecond ? path.slice(1) : path));
  };
}

function offsetAt(contents: unknown, path: SpecPath): number {
  let node = contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const item = isSeq(node) ? node.items[Number(step)] : undefined;
    const pair = pairOf(node, step);
    const start = startOf(pair?.key ?? item);
    if (start === undefined) break;
    offset = start;
    node = pair?.value ?? item;
  }
  return offset;
}

/** Protojson accepts a field's name in camelCase and as it is in the proto file. */
function pairOf(node: unknown, step: string | number): Pair | undefined {
  if (!isMap(node)) return undefined;
  const named = (name: (key: string) => string) =>
    node.items.find(({ key }) => isScalar(key) && name(String(key.value)) === step);
  return named((key) => key) ?? named(protoCamelCase);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
