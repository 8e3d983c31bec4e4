// Components: reusable step definitions, and calling one to place a task.

import type { ArgumentsOf } from './arguments.js';
import type { ContainerDefinition } from './container.js';
import { buildContainer } from './container.js';
import { checkInterface } from './check-interface.js';
import type { ComponentDefinition, Task, TaskOptions } from './graph.js';
import { placeTask } from './place-task.js';
import type { ReferencesOf } from './reference.js';
import type { InputTypes, ValueTypes } from './value-type.js';

/** How a component is called; the arguments can be left out when no input is required. */
export type Call<Inputs extends InputTypes, Outputs> =
  Record<never, never> extends ArgumentsOf<Inputs>
    ? (inputs?: ArgumentsOf<Inputs>, options?: TaskOptions) => Task<Outputs>
    : (inputs: ArgumentsOf<Inputs>, options?: TaskOptions) => Task<Outputs>;

/** A component: call it inside a pipeline to place a task. */
export type Component<Inputs extends InputTypes, Outputs extends ValueTypes> = Call<
  Inputs,
  ReferencesOf<Outputs>
> & { readonly definition: ComponentDefinition };

/**
 * Defines a component that runs in a container.
 *
 * @param definition.container  image, command and arguments; as a function it gets typed placeholders
 * @throws E_NAME for a name KFP could not carry, E_TYPE for a default of the wrong type
 */
export function component<
  const Inputs extends InputTypes = Record<never, never>,
  const Outputs extends ValueTypes = Record<never, never>,
>(definition: {
  readonly name: string;
  readonly inputs?: Inputs;
  readonly outputs?: Outputs;
  readonly container: ContainerDefinition<Inputs, Outputs>;
}): Component<Inputs, Outputs> {
  const { name, inputs = {} as Inputs, outputs = {} as Outputs } = definition;
  checkInterface('component', { name, inputs, outputs });
  const container = buildContainer(definition.container, { inputs, outputs });
  return callable({ name, inputs, outputs, implementation: { kind: 'container', container } });
}

/** Turns a definition into the function that places it. */
export function callable<Inputs extends InputTypes, Outputs extends ValueTypes>(
  definition: ComponentDefinition & { readonly inputs: Inputs; readonly outputs: Outputs },
): Component<Inputs, Outputs> {
  const place = (inputs: Readonly<Record<string, unknown>> = {}, options: TaskOptions = {}) =>
    placeTask(definition, inputs, options);
  return Object.assign(place, { definition }) as unknown as Component<Inputs, Outputs>;
}
