// Pipelines: a build function, run once, recorded and compiled to KFP's PipelineSpec.

import type { Pipeline } from '../ir/index.js';
import { compilePipeline } from './compile/compile-pipeline.js';
import type { Call } from './component.js';
import { callable } from './component.js';
import type { ComponentDefinition, Group } from './graph.js';
import type { ReturnedOutputs } from './group-output.js';
import { passOn, runBody } from './group-output.js';
import { nameGroups } from './name-groups.js';
import { checkName } from './names.js';
import { record } from './recording.js';
import type { ReferencesOf } from './reference.js';
import { createReference } from './reference.js';
import type { ValueTypes } from './value-type.js';

export interface PipelineDescription<Inputs extends ValueTypes> {
  /** Lower-case letters, digits and "-", at most 128. */
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly inputs?: Inputs;
}

/** A pipeline: compile it, or call it inside another pipeline to place it as a task. */
export type PipelineDefinition<Inputs extends ValueTypes, Outputs> = Call<Inputs, Outputs> & {
  readonly definition: ComponentDefinition;
  /** Compiles to KFP's PipelineSpec; equal pipelines give equal specs. */
  readonly compile: () => Pipeline;
};

/**
 * Defines a pipeline.
 *
 * `build` runs once, now: it places tasks by calling components, and returns the pipeline's outputs.
 * It must not be async, and nothing in it has a value yet: conditions and loops are `when` and
 * `parallelFor`, not `if` and `for`.
 *
 * @throws AnnealError for a wrong name, argument, condition or output, before anything runs
 */
export function pipeline<
  const Inputs extends ValueTypes = Record<never, never>,
  Outputs extends ReturnedOutputs | void = void,
>(
  description: PipelineDescription<Inputs>,
  build: (inputs: ReferencesOf<Inputs>) => Outputs,
): PipelineDefinition<Inputs, Outputs> {
  const { name, inputs = {} as Inputs } = description;
  checkName('pipeline', name);
  const root = recordRoot(name, inputs, build);
  const outputs = Object.fromEntries([...root.outputs].map(([output, { type }]) => [output, type]));
  const placed = callable({ name, inputs, outputs, implementation: { kind: 'pipeline', root } });
  const compile = (): Pipeline => compilePipeline(description, root);
  return Object.assign(placed, { compile }) as unknown as PipelineDefinition<Inputs, Outputs>;
}

function recordRoot<Inputs extends ValueTypes>(
  name: string,
  inputs: Inputs,
  build: (inputs: ReferencesOf<Inputs>) => unknown,
): Group {
  return record(name, (root) => {
    const returned = runBody(root, () => build(referencesTo(inputs, root)));
    for (const [output, reference] of returned) {
      root.outputs.set(output, passOn(reference));
    }
    nameGroups(root);
    return root;
  });
}

function referencesTo<Inputs extends ValueTypes>(
  inputs: Inputs,
  root: Group,
): ReferencesOf<Inputs> {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(inputs).map(([name, type]) => [
        name,
        createReference(type, { from: 'input', group: root, name }),
      ]),
    ),
  ) as ReferencesOf<Inputs>;
}
