// What the body of a branch or loop returns: the values it hands to the surrounding DAG.

import { dslErrors } from '../errors/index.js';
import type { AnyTask, Group, GroupOutput, Reference } from './graph.js';
import { SOURCE } from './graph.js';
import { checkName } from './names.js';
import { refuseExitTask } from './reachable.js';
import { withinGroup } from './recording.js';
import { describeSource, homeOf, isReference, typeOf } from './reference.js';
import { isTask } from './task.js';

/** What a body may return: outputs by name, or nothing; a task counts as nothing, for short bodies. */
export type BodyResult = Readonly<Record<string, Reference>> | AnyTask | void;

/** The outputs that a body's result stands for. */
export type OutputsOf<Result> =
  Result extends Readonly<Record<string, Reference>> ? Result : Record<never, never>;

/**
 * Runs the body of a group and reads what it returns.
 *
 * @throws E_SPEC when it is async or places no task; E_UNKNOWN_OUTPUT as readReturned does
 */
export function runBody(group: Group, body: () => unknown): ReadonlyMap<string, Reference> {
  const returned = withinGroup(group, body);
  const what = `a ${group.kind}`;
  if (returned instanceof Promise) throw dslErrors.asynchronousBuild(what);
  if (group.children.length === 0) throw dslErrors.emptyGroup(`The body of ${what}`);
  return readReturned(group, returned);
}

/**
 * Reads a body's return value.
 *
 * @throws E_UNKNOWN_OUTPUT for anything but outputs of tasks of this very group
 */
function readReturned(group: Group, returned: unknown): ReadonlyMap<string, Reference> {
  if (returned === undefined || returned === null || isTask(returned)) return new Map();
  const outputs = new Map<string, Reference>();
  for (const [name, value] of Object.entries(returned)) {
    checkName('output', name);
    if (!isReference(value))
      throw dslErrors.notAnOutputOfGroup(group.kind, name, `a ${typeof value}`);
    const source = value[SOURCE];
    if (source.from !== 'output' || homeOf(value) !== group) {
      throw dslErrors.notAnOutputOfGroup(group.kind, name, describeSource(source));
    }
    refuseExitTask(source.node, `a ${group.kind}`);
    outputs.set(name, value);
  }
  return outputs;
}

/** A group output that hands one value on as it is. */
export function passOn(reference: Reference): GroupOutput {
  return { type: typeOf(reference), references: [reference], isOneOf: false };
}
