// Ranges that components set for their inputs, checked before a run starts.
//
// KFP's spec has no place for ranges, so they stay with the component: a value is checked wherever the
// pipeline wires it, unchanged, to an input that has a rule. Names of pipelines and of their parameters
// play no part, so a pipeline of any author, from any SDK, is checked alike.
//
// K1. Only components of the rules' own image are checked: others may use the same names differently.
// K2. Values computed by the run itself are left to the component.

import { clientErrors } from '../../errors/index.js';
import type { JsonObject, JsonValue } from '../../util/index.js';
import { constantOf } from '../constant.js';
import type { Pipeline } from '../pipeline.js';
import type { ComponentSpecJson, InputParameterJson } from '../spec.js';
import type { ParameterRule } from './parameter-rule.js';
import { ruleFault, ruleHint } from './parameter-rule.js';

/** The rules of the components that live in one image. */
export interface ParameterRules {
  /** Image name without registry, tag and digest. */
  readonly image: string;
  /** Functions of the image whose inputs have rules. */
  readonly components: readonly string[];
  /** By input name. */
  readonly inputs: Readonly<Record<string, ParameterRule>>;
}

/** A value known before the run, and the run's parameter it comes from. */
interface KnownValue {
  readonly value: JsonValue;
  /** Undefined for a constant of the pipeline. */
  readonly parameter?: string;
}

/**
 * Checks the values that reach ruled inputs.
 *
 * @param parameters  the run's parameters, defaults filled in
 * @throws E_PARAM, or the rule's own code, for the first value outside its range
 */
export function checkParameterRules(
  pipeline: Pipeline,
  parameters: JsonObject,
  rules: ParameterRules,
): void {
  const values = new Map<string, KnownValue>(
    Object.entries(parameters).map(([parameter, value]) => [parameter, { value, parameter }]),
  );
  if (pipeline.spec.root !== undefined) {
    checkComponent(pipeline.spec.root, values, { pipeline, rules });
  }
}

interface Context {
  readonly pipeline: Pipeline;
  readonly rules: ParameterRules;
  /** Path of the task that the component stands for. */
  readonly task?: string;
}

function checkComponent(
  component: ComponentSpecJson,
  values: ReadonlyMap<string, KnownValue>,
  context: Context,
): void {
  if (component.dag === undefined) {
    if (isRuled(component, context)) checkValues(values, context);
    return;
  }
  for (const [name, task] of Object.entries(component.dag.tasks ?? {})) {
    const inner = context.pipeline.spec.components?.[task.componentRef?.name ?? ''];
    if (inner === undefined) continue;
    const passed = passedValues(task.inputs?.parameters ?? {}, values);
    const path = context.task === undefined ? name : `${context.task}/${name}`;
    checkComponent(inner, passed, { ...context, task: path });
  }
}

function passedValues(
  inputs: Readonly<Record<string, InputParameterJson>>,
  values: ReadonlyMap<string, KnownValue>,
): ReadonlyMap<string, KnownValue> {
  const passed = new Map<string, KnownValue>();
  for (const [name, input] of Object.entries(inputs)) {
    const known = knownValue(input, values);
    if (known !== undefined) passed.set(name, known);
  }
  return passed;
}

function knownValue(
  input: InputParameterJson,
  values: ReadonlyMap<string, KnownValue>,
): KnownValue | undefined {
  if (input.parameterExpressionSelector !== undefined) return undefined;
  if (input.componentInputParameter !== undefined) return values.get(input.componentInputParameter);
  const constant = input.runtimeValue === undefined ? undefined : constantOf(input.runtimeValue);
  const isTemplate = typeof constant === 'string' && constant.includes('{{$');
  return constant === undefined || isTemplate ? undefined : { value: constant };
}

// K1
function isRuled(component: ComponentSpecJson, { pipeline, rules }: Context): boolean {
  const container = pipeline.deployment.executors[component.executorLabel ?? '']?.container;
  if (container === undefined) return false;
  const image = (container.image ?? '').replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  const args = container.args ?? [];
  // How KFP's own executor is told which function of the image to run.
  const flag = args.indexOf('--function_to_execute');
  const name = flag < 0 ? undefined : args[flag + 1];
  if (name === undefined || image.split('/').at(-1) !== rules.image) return false;
  return rules.components.includes(name);
}

function checkValues(values: ReadonlyMap<string, KnownValue>, { rules, task }: Context): void {
  for (const [input, { value, parameter }] of values) {
    if (!Object.hasOwn(rules.inputs, input)) continue;
    const rule = rules.inputs[input]!;
    const fault = ruleFault(rule, value);
    if (fault === undefined) continue;
    throw clientErrors.parameterOutOfRange(
      { parameter, task: task ?? '', input, value },
      { fault, hint: ruleHint(rule, value), code: rule.code ?? 'E_PARAM' },
    );
  }
}
