// Pipelines: a build function, run once, recorded and compiled to KFP's PipelineSpec.

import { dslErrors } from '../errors/index.js';
import type { Pipeline } from '../ir/index.js';
import { checkFinalStatuses } from './check-final-status.js';
import { checkInterface } from './check-interface.js';
import { compilePipeline } from './compile/compile-pipeline.js';
import type { Call } from './component.js';
import { callable } from './component.js';
import type { ComponentDefinition, Group } from './graph.js';
import type { BodyResult, OutputsOf } from './group-output.js';
import { passOn, runBody } from './group-output.js';
import { nameGroups } from './name-groups.js';
import { namedReferences } from './named-references.js';
import { record } from './recording.js';
import type { ReferencesOf } from './reference.js';
import type { ValueTypes } from './value-type.js';

export interface PipelineDescription<Inputs extends ValueTypes> {
  /** Lower-case letters, digits and "-", at most 128. */
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly inputs?: Inputs;
}

/** Key of what a client reads off a pipeline's type; no value stands there. */
export declare const PIPELINE_TYPES: unique symbol;

/** A pipeline: compile it, or call it inside another pipeline to place it as a task. */
export type PipelineDefinition<Inputs extends ValueTypes, Result> = Call<
  Inputs,
  OutputsOf<Result>
> & {
  readonly definition: ComponentDefinition;
  /** Compiles to KFP's PipelineSpec; equal pipelines give equal specs. */
  readonly compile: () => Pipeline;
  readonly [PIPELINE_TYPES]?: { readonly inputs: Inputs; readonly outputs: OutputsOf<Result> };
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
  Result extends BodyResult = void,
>(
  description: PipelineDescription<Inputs>,
  build: (inputs: ReferencesOf<Inputs>) => Result,
): PipelineDefinition<Inputs, Result> {
  const { name, inputs = {} as Inputs } = description;
  checkInterface('pipeline', { name, inputs });
  const root = recordRoot(name, inputs, build);
  const outputs = Object.fromEntries([...root.outputs].map(([output, { type }]) => [output, type]));
  const placed = callable({ name, inputs, outputs, implementation: { kind: 'pipeline', root } });
  const compile = (): Pipeline => compilePipeline(description, root);
  return Object.assign(placed, { compile }) as unknown as PipelineDefinition<Inputs, Result>;
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
    checkFinalStatuses(root);
    nameGroups(root);
    return root;
  });
}

function referencesTo<Inputs extends ValueTypes>(
  inputs: Inputs,
  root: Group,
): ReferencesOf<Inputs> {
  return namedReferences(inputs, {
    sourceOf: (name) => ({ from: 'input', group: root, name }),
    unknown: (name, names) => dslErrors.unknownPipelineInput(name, names),
  });
}
