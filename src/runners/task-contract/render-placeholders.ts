// Replaces placeholders in commands, arguments and environment values.
//
// H1. Values are data: what a placeholder was replaced with is never looked at again.
// H2. An element that is a Concat or IfPresent structure is taken apart first, then its leaves are
//     rendered; IfPresent may give no element, one, or many.
// H3. In arguments an unknown placeholder is an error; in commands, which hold program texts, it is
//     left as it stands, as KFP's launcher does.

import { absentPlaceholder, unknownPlaceholder } from '../../errors/task.js';
import type { JsonValue } from '../../util/json.js';
import type { TaskArtifact, TaskInput } from './executor-input.js';
import { executorInputJson } from './executor-input.js';
import type { PlaceholderContext } from './placeholder-context.js';
import { resolveStructure } from './resolve-structure.js';
import { valueToText } from './value-text.js';

const PLACEHOLDER = /\{\{\$((?:\.[^{}]*?)?)\}\}/g;
const ESCAPED = /^(.*)\.json_escape\[(\d+)\]$/s;
const PARAMETER = /^\.inputs\.parameters\['(.+)'\]$/s;
const OUTPUT_FILE = /^\.outputs\.parameters\['(.+)'\]\.output_file$/s;
const ARTIFACT =
  /^\.(inputs|outputs)\.artifacts\['(.+?)'\](?:\.(path|uri|name|value|metadata)(?:\['(.+)'\])?)?$/s;

/** Renders every element of an argument list (H2, H3); the result can be shorter or longer. */
export function renderArguments(
  elements: readonly string[],
  context: PlaceholderContext,
  unknown: 'refuse' | 'keep' = 'refuse',
): string[] {
  const isPresent = (name: string): boolean => inputIsPresent(name, context.input);
  return elements
    .flatMap((element) => resolveStructure(element, isPresent))
    .map((leaves) => leaves.map((leaf) => renderText(leaf, context, unknown)).join(''));
}

/** Renders the placeholders within one text (H1). Throws E_PLACEHOLDER for unknown or absent ones. */
export function renderText(
  text: string,
  context: PlaceholderContext,
  unknown: 'refuse' | 'keep' = 'refuse',
): string {
  return text.replace(PLACEHOLDER, (whole: string, body: string) => {
    const value = lookUp(whole, body, context);
    if (value !== undefined) return value;
    if (unknown === 'keep') return whole;
    throw unknownPlaceholder(whole);
  });
}

function inputIsPresent(name: string, { inputs }: TaskInput): boolean {
  const value = Object.hasOwn(inputs.parameterValues, name)
    ? inputs.parameterValues[name]
    : undefined;
  if (value !== undefined && value !== null) return true;
  return Object.hasOwn(inputs.artifacts, name) && inputs.artifacts[name]!.artifacts.length > 0;
}

function lookUp(whole: string, body: string, context: PlaceholderContext): string | undefined {
  const escaped = ESCAPED.exec(body);
  if (escaped) {
    const inner = lookUp(whole, escaped[1]!, context);
    return inner === undefined ? undefined : escapeJson(inner, Number(escaped[2]));
  }
  return fixed(body, context) ?? parameter(whole, body, context) ?? artifact(whole, body, context);
}

/** Escapes text for use inside a JSON string, `times` levels deep. */
function escapeJson(text: string, times: number): string {
  let escaped = text;
  for (let level = 0; level < times; level += 1) escaped = JSON.stringify(escaped).slice(1, -1);
  return escaped;
}

function fixed(body: string, { input, names }: PlaceholderContext): string | undefined {
  switch (body) {
    case '':
      return JSON.stringify(executorInputJson(input));
    case '.outputs.output_file':
    case '.outputMetadataUri':
      return input.outputs.outputFile;
    case '.pipeline_job_name':
      return names.jobName;
    case '.pipeline_job_resource_name':
      return names.jobResourceName;
    case '.pipeline_job_uuid':
      return names.jobId;
    case '.pipeline_task_name':
      return names.taskName;
    case '.pipeline_task_uuid':
      return names.taskId;
    case '.pipeline_root':
      return names.pipelineRoot;
    case '.pipeline_job_create_time_utc':
      return names.createTime;
    case '.pipeline_job_schedule_time_utc':
      return names.scheduleTime ?? names.createTime;
    default:
      return undefined;
  }
}

function parameter(whole: string, body: string, { input }: PlaceholderContext): string | undefined {
  const name = PARAMETER.exec(body)?.[1];
  if (name !== undefined) {
    if (!Object.hasOwn(input.inputs.parameterValues, name)) throw absentPlaceholder(whole, name);
    return valueToText(input.inputs.parameterValues[name]!);
  }
  const output = OUTPUT_FILE.exec(body)?.[1];
  if (output === undefined || !Object.hasOwn(input.outputs.parameters, output)) return undefined;
  return input.outputs.parameters[output]!.outputFile;
}

function artifact(whole: string, body: string, context: PlaceholderContext): string | undefined {
  const match = ARTIFACT.exec(body);
  if (!match) return undefined;
  const [, side, name = '', field, key] = match;
  const lists =
    side === 'inputs' ? context.input.inputs.artifacts : context.input.outputs.artifacts;
  const list = Object.hasOwn(lists, name) ? lists[name]!.artifacts : [];
  if (field === undefined) return JSON.stringify(list);
  const first = list[0];
  if (first === undefined) {
    if (side === 'inputs') throw absentPlaceholder(whole, name);
    return undefined;
  }
  return artifactField(first, field, key, context);
}

function artifactField(
  artifact: TaskArtifact,
  field: string,
  key: string | undefined,
  context: PlaceholderContext,
): string | undefined {
  if (field === 'path' || field === 'uri') return artifact.uri;
  if (field === 'name') return artifact.name;
  if (field === 'value') return context.readArtifact(artifact.uri);
  if (key === undefined) return JSON.stringify(artifact.metadata);
  const value: JsonValue | undefined = artifact.metadata[key];
  return value === undefined ? '' : valueToText(value);
}
