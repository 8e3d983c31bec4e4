// Branches: when(…).elseWhen(…).otherwise(…), at most one of which runs.
//
// W1. A branch runs when its own condition holds and none before it does; this is written into each
//     branch's condition, as the stock SDK does, so branches need no order.
// W2. A lone `when` is one condition DAG; with more branches they share a condition-branches DAG.

import { dslErrors } from '../errors/index.js';
import { acceptsType } from './check-argument.js';
import type { ConditionLike } from './condition.js';
import { and, not, useCondition } from './condition.js';
import type { Condition, Group, Reference } from './graph.js';
import type { BodyResult, OutputsOf } from './group-output.js';
import { passOn, runBody } from './group-output.js';
import { createGroup, currentGroup } from './recording.js';
import { typeOf } from './reference.js';
import { createOutputs } from './task.js';

export interface BranchOptions {
  /** Shown instead of `condition-1`. */
  readonly name?: string;
}

/** What the branch that ran returned, by the names that all branches return. */
export interface BranchOutputs<Outputs> {
  readonly outputs: Outputs;
}

/** What later branches must return: outputs as the first branch does, else anything. */
type SameOutputs<Result> = OutputsOf<Result> extends Result ? Result : BodyResult;

/** A `when` that more branches can be added to. */
export interface Branches<Result> {
  /** Runs when this condition holds and none before it does. */
  elseWhen(
    condition: ConditionLike,
    body: () => SameOutputs<Result>,
    options?: BranchOptions,
  ): Branches<Result>;
  /** Runs when none of the conditions holds. */
  otherwise(
    body: () => SameOutputs<Result>,
    options?: BranchOptions,
  ): BranchOutputs<OutputsOf<Result>>;
}

/**
 * Places tasks that run only when a condition holds; otherwise they are skipped, which is no failure.
 *
 * @param body  places the tasks; what it returns is read through `otherwise(…).outputs`
 */
export function when<Result extends BodyResult>(
  condition: ConditionLike,
  body: () => Result,
  options: BranchOptions = {},
): Branches<Result> {
  const used = useCondition(condition);
  const first = createGroup('condition', {
    parent: currentGroup('when'),
    condition: used,
    ...displayNameOf(options),
  });
  first.parent!.children.push(first);
  const chain: Chain = { conditions: [used], branches: [runBranch(first, body)] };
  return branchesOf(chain);
}

interface Branch {
  readonly group: Group;
  readonly returned: ReadonlyMap<string, Reference>;
}

interface Chain {
  readonly conditions: Condition[];
  readonly branches: Branch[];
}

function branchesOf<Result>(chain: Chain): Branches<Result> {
  return {
    elseWhen(condition, body, options = {}) {
      const used = useCondition(condition);
      const earlier = chain.conditions.map((each) => not(each));
      addBranch(chain, useCondition(and(...earlier, used)), body, options);
      chain.conditions.push(used);
      return branchesOf(chain);
    },
    otherwise(body, options = {}) {
      const earlier = chain.conditions.map((each) => not(each));
      addBranch(chain, useCondition(and(...earlier)), body, options);
      return { outputs: surfaceOneOf(chain) as OutputsOf<Result> };
    },
  };
}

function addBranch(
  chain: Chain,
  condition: Condition,
  body: () => unknown,
  options: BranchOptions,
): void {
  const parent = sharedGroup(chain.branches[0]!.group);
  const group = createGroup('condition', { parent, condition, ...displayNameOf(options) });
  parent.children.push(group);
  chain.branches.push(runBranch(group, body));
}

// W2: puts a condition-branches group where the first branch stood alone.
function sharedGroup(first: Group): Group {
  const parent = first.parent!;
  if (parent.kind === 'condition-branches') return parent;
  const shared = createGroup('condition-branches', { parent });
  parent.children[parent.children.indexOf(first)] = shared;
  shared.children.push(first);
  first.parent = shared;
  return shared;
}

function runBranch(group: Group, body: () => unknown): Branch {
  return { group, returned: runBody(group, body) };
}

function surfaceOneOf(chain: Chain): unknown {
  const [first, ...others] = chain.branches;
  const shared = first!.group.parent!;
  for (const [name, reference] of first!.returned) {
    const type = typeOf(reference);
    for (const { returned } of others) {
      const other = returned.get(name);
      if (other === undefined || !acceptsType(reference, other))
        throw dslErrors.branchOutputsDiffer(name);
    }
    const references = chain.branches.map(({ group, returned }) => {
      group.outputs.set(name, passOn(returned.get(name)!));
      return createOutputs(group, { [name]: type })[name]!;
    });
    shared.outputs.set(name, { type, references, isOneOf: true });
  }
  return createOutputs(
    shared,
    Object.fromEntries([...shared.outputs].map(([name, { type }]) => [name, type])),
  );
}

function displayNameOf(options: BranchOptions): { displayName?: string } {
  return options.name === undefined ? {} : { displayName: options.name };
}
