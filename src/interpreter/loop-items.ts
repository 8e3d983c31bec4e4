import { AnnealError } from '../errors/index.js';
import type { SliceItem } from '../contract/index.js';
import { MAX_LOOP_ITEMS } from '../ir/index.js';
import type { PipelineTaskSpecJson } from '../ir/index.js';
import type { JsonValue } from '../util/json.js';
import type { FlowValues } from './flow-values.js';

/** What one iteration receives beside the loop's other inputs. */
export type LoopItem = SliceItem;

/** Whether the task is a ParallelFor. */
export function isLoop(task: PipelineTaskSpecJson): boolean {
  return task.parameterIterator !== undefined || task.artifactIterator !== undefined;
}

/**
 * The items of a loop, in order. Parameters may be a list or JSON text of one.
 *
 * @throws E_LOOP_LIMIT when the items are not a list or too many
 */
export function loopItems(
  name: string,
  task: PipelineTaskSpecJson,
  inputs: FlowValues,
): LoopItem[] {
  const items = task.artifactIterator
    ? artifactItems(task, inputs)
    : parameterItems(name, task, inputs);
  if (items.length > MAX_LOOP_ITEMS) {
    throw loopError(name, `has ${items.length} items; at most ${MAX_LOOP_ITEMS} are allowed`);
  }
  return items;
}

/** Inputs that only the iterations have. */
export function iterationInputs(task: PipelineTaskSpecJson): ReadonlySet<string> {
  const names = [task.parameterIterator?.itemInput, task.artifactIterator?.itemInput];
  return new Set(names.filter((name) => name !== undefined));
}

/** The loop's inputs with one item added. */
export function withItem(inputs: FlowValues, item: LoopItem): FlowValues {
  if (item.kind === 'parameter') {
    const parameters = new Map(inputs.parameters).set(item.input, { value: item.value });
    return { ...inputs, parameters };
  }
  return { ...inputs, artifacts: new Map(inputs.artifacts).set(item.input, [item.artifact]) };
}

function artifactItems(task: PipelineTaskSpecJson, inputs: FlowValues): LoopItem[] {
  const { items, itemInput } = task.artifactIterator!;
  const artifacts = inputs.artifacts.get(items?.inputArtifact ?? '') ?? [];
  return artifacts.map((artifact) => ({ kind: 'artifact', input: itemInput ?? '', artifact }));
}

function parameterItems(name: string, task: PipelineTaskSpecJson, inputs: FlowValues): LoopItem[] {
  const { items, itemInput } = task.parameterIterator!;
  const source = items?.raw ?? inputs.parameters.get(items?.inputParameter ?? '')?.value;
  const list = typeof source === 'string' ? parseList(name, source) : source;
  if (!Array.isArray(list)) throw loopError(name, 'is not over a list');
  return list.map((value: JsonValue) => ({ kind: 'parameter', input: itemInput ?? '', value }));
}

function parseList(name: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw loopError(name, 'is over a string that is not a JSON list');
  }
}

function loopError(name: string, problem: string): AnnealError {
  return new AnnealError(`Loop "${name}" ${problem}.`, {
    code: 'E_LOOP_LIMIT',
    hint: 'Give the loop a list, or a string holding a JSON list.',
    details: { loop: name },
  });
}
