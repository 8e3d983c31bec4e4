// The values a task starts with, from its parent's inputs and its siblings' outputs.
//
// N1. An absent optional input stays absent; it never turns into null on the way to a component that runs code.
// N2. A sub-DAG's omitted optional inputs become their default, or null, as for the root pipeline.

import { AnnealError } from '../errors/index.js';
import { selectParameter } from '../ir/expressions/index.js';
import { constantOf } from '../ir/index.js';
import { WORKSPACE_PATH, WORKSPACE_PLACEHOLDER } from '../ir/platform/index.js';
import type {
  ComponentSpecJson,
  PipelineTaskSpecJson,
  InputArtifactJson,
  InputParameterJson,
} from '../ir/index.js';
import type { ArtifactRef, RunPlan } from '../contract/index.js';
import type { JsonValue } from '../util/json.js';
import { coerceParameter } from './coerce-parameter.js';
import { fillReferences } from './fill-references.js';
import type { DagScope, TaskOutcome } from './scope.js';
import { taskPath } from './scope.js';
import type { FlowParameter, FlowValues } from './flow-values.js';

export interface InputSources {
  readonly plan: RunPlan;
  readonly scope: DagScope;
  readonly ended: ReadonlyMap<string, TaskOutcome>;
}

/**
 * Resolves the inputs of one task.
 *
 * @throws E_TYPE, E_SELECTOR, E_MISSING_INPUT
 */
export function resolveInputs(
  name: string,
  task: PipelineTaskSpecJson,
  component: ComponentSpecJson,
  sources: InputSources,
): FlowValues {
  const parameters = new Map<string, FlowParameter>();
  for (const [input, spec] of Object.entries(task.inputs?.parameters ?? {})) {
    const resolved = resolveParameter(name, spec, sources);
    if (resolved === undefined || isAbsentNull(resolved.value, component, input)) continue;
    parameters.set(input, resolved);
  }
  fillConstants(task, parameters);
  const artifacts = new Map<string, readonly ArtifactRef[]>();
  for (const [input, spec] of Object.entries(task.inputs?.artifacts ?? {})) {
    const resolved = resolveArtifacts(spec, sources);
    if (resolved !== undefined) artifacts.set(input, resolved);
  }
  return { parameters, artifacts };
}

/** Constants may refer to the task's other inputs: the SDK compiles f-strings so. Values from elsewhere are data. */
function fillConstants(task: PipelineTaskSpecJson, parameters: Map<string, FlowParameter>): void {
  const lookUp = (name: string): JsonValue | undefined => parameters.get(name)?.value;
  for (const [input, spec] of Object.entries(task.inputs?.parameters ?? {})) {
    const constant = spec.runtimeValue?.constant;
    if (constant === undefined || !parameters.has(input)) continue;
    parameters.set(input, { value: fillReferences(parameters.get(input)!.value, lookUp) });
  }
}

/**
 * Adds defaults and checks types against the component's interface.
 *
 * @param skip  inputs that an iterator provides later
 */
export function completeInputs(
  task: string,
  component: ComponentSpecJson,
  given: FlowValues,
  skip: ReadonlySet<string>,
): FlowValues {
  const parameters = new Map(given.parameters);
  for (const [input, spec] of Object.entries(component.inputDefinitions?.parameters ?? {})) {
    if (skip.has(input)) continue;
    const resolved = parameters.get(input);
    if (resolved === undefined) {
      const fallback = defaultOf(component, spec.defaultValue, spec.isOptional === true);
      if (fallback !== undefined) parameters.set(input, { value: fallback });
      else if (spec.isOptional !== true && spec.parameterType !== 'TASK_CONFIG')
        throw missingInput(task, input);
    } else if (resolved.value !== null) {
      const value = coerceParameter(input, spec.parameterType, resolved.value);
      parameters.set(input, { ...resolved, value });
    }
  }
  for (const [input, spec] of Object.entries(component.inputDefinitions?.artifacts ?? {})) {
    if (!skip.has(input) && !given.artifacts.has(input) && spec.isOptional !== true) {
      throw missingInput(task, input);
    }
  }
  return { parameters, artifacts: given.artifacts };
}

/** The value that one reference stands for; undefined when it has none. */
export function resolveParameter(
  task: string,
  spec: InputParameterJson,
  sources: InputSources,
): FlowParameter | undefined {
  const source = parameterSource(task, spec, sources);
  if (source === undefined || !spec.parameterExpressionSelector) return source;
  const value = selectParameter(spec.parameterExpressionSelector, source.value);
  return { value, fromRun: source.fromRun };
}

function parameterSource(
  task: string,
  spec: InputParameterJson,
  { plan, scope, ended }: InputSources,
): FlowParameter | undefined {
  if (spec.componentInputParameter)
    return scope.inputs.parameters.get(spec.componentInputParameter);
  if (spec.taskOutputParameter) {
    const { producerTask, outputParameterKey } = spec.taskOutputParameter;
    return ended.get(producerTask ?? '')?.outputs.parameters.get(outputParameterKey ?? '');
  }
  if (spec.taskFinalStatus) {
    return { value: finalStatus(spec.taskFinalStatus.producerTask ?? '', plan, scope, ended) };
  }
  const constant = spec.runtimeValue && constantOf(spec.runtimeValue);
  if (constant !== undefined) return { value: runtimeConstant(constant, task, plan, scope) };
  if (spec.runtimeValue?.runtimeParameter) {
    return scope.inputs.parameters.get(spec.runtimeValue.runtimeParameter);
  }
  return undefined;
}

function resolveArtifacts(
  spec: InputArtifactJson,
  { scope, ended }: InputSources,
): readonly ArtifactRef[] | undefined {
  if (spec.componentInputArtifact) return scope.inputs.artifacts.get(spec.componentInputArtifact);
  const { producerTask, outputArtifactKey } = spec.taskOutputArtifact ?? {};
  return ended.get(producerTask ?? '')?.outputs.artifacts.get(outputArtifactKey ?? '');
}

/** Constants that stand for facts of the run; everything else is itself. */
function runtimeConstant(
  constant: JsonValue,
  task: string,
  plan: RunPlan,
  scope: DagScope,
): JsonValue {
  const facts: Readonly<Record<string, string>> = {
    '{{$.pipeline_job_name}}': plan.run.runId,
    '{{$.pipeline_job_resource_name}}': plan.run.runId,
    '{{$.pipeline_job_uuid}}': plan.run.runId,
    '{{$.pipeline_task_name}}': task,
    '{{$.pipeline_task_uuid}}': `${plan.run.runId}/${taskPath(scope, task)}`,
    '{{$.pipeline_job_create_time_utc}}': plan.startedAt,
    '{{$.pipeline_job_schedule_time_utc}}': plan.run.scheduledAt ?? plan.startedAt,
  };
  if (typeof constant !== 'string') return constant;
  return facts[constant] ?? constant.replaceAll(WORKSPACE_PLACEHOLDER, WORKSPACE_PATH);
}

const FINAL_STATES: Readonly<Record<TaskOutcome['status'], string>> = {
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  canceled: 'CANCELLED',
  skipped: 'SKIPPED',
  not_triggered: 'NOT_TRIGGERED',
};

/** KFP's PipelineTaskFinalStatus, in the form its SDK hands to components. */
function finalStatus(
  producer: string,
  plan: RunPlan,
  scope: DagScope,
  ended: ReadonlyMap<string, TaskOutcome>,
): JsonValue {
  const outcome = ended.get(producer);
  const failed = outcome?.error;
  return {
    state: FINAL_STATES[outcome?.status ?? 'not_triggered'],
    error: failed === undefined ? {} : { code: 2, message: failed.message },
    pipelineJobResourceName: plan.run.runId,
    pipelineTaskName: scope.dag.tasks?.[producer]?.taskInfo?.name ?? producer,
  };
}

function isAbsentNull(value: JsonValue, component: ComponentSpecJson, input: string): boolean {
  return value === null && component.inputDefinitions?.parameters?.[input]?.isOptional === true;
}

function defaultOf(
  component: ComponentSpecJson,
  defaultValue: JsonValue | undefined,
  isOptional: boolean,
): JsonValue | undefined {
  if (defaultValue !== undefined) return defaultValue;
  return component.dag !== undefined && isOptional ? null : undefined;
}

function missingInput(task: string, input: string): AnnealError {
  return new AnnealError(`Task "${task}" got no value for its required input "${input}".`, {
    code: 'E_MISSING_INPUT',
    hint: 'The task it comes from was skipped or did not write that output; make the input optional or wire it elsewhere.',
    details: { task, input },
  });
}
