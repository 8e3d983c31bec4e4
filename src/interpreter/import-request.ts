import type { ImportRequest, RunPlan } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import type { JsonObject, JsonValue } from '../util/json.js';
import type { FlowParameter } from './scope.js';
import type { LeafTask } from './leaf-task.js';

interface ImporterSpec {
  readonly artifactUri?: { readonly constant?: JsonValue; readonly runtimeParameter?: string };
  readonly typeSchema?: { readonly schemaTitle?: string; readonly schemaVersion?: string };
  readonly metadata?: JsonObject;
  readonly reimport?: boolean;
}

const PARAMETER_REFERENCE = /\{\{\$\.inputs\.parameters\[(['"])(.+?)\1\]\}\}/gu;

/** Builds the request of an importer task: its address and metadata with the task's parameters filled in. */
export function importRequest(
  plan: RunPlan,
  leaf: Pick<LeafTask, 'path' | 'inputs' | 'task'>,
  importer: JsonObject,
): ImportRequest {
  const spec = importer as ImporterSpec;
  const { runtimeParameter, constant } = spec.artifactUri ?? {};
  const source = runtimeParameter ? parameter(leaf, runtimeParameter) : { value: constant ?? '' };
  const uri = fill(source.value, leaf);
  if (typeof uri !== 'string' || uri === '') {
    throw new AnnealError(`Importer "${leaf.path}" has no address to read from.`, {
      code: 'E_INPUT_NOT_FOUND',
      hint: 'Give the parameter that holds the address a value.',
    });
  }
  return {
    run: plan.run,
    task: leaf.path,
    component: leaf.task.componentRef?.name ?? '',
    uri,
    uriSource: 'fromRun' in source && source.fromRun === true ? 'parameter' : 'constant',
    type: spec.typeSchema?.schemaTitle ?? 'system.Artifact',
    schemaVersion: spec.typeSchema?.schemaVersion ?? '0.0.1',
    metadata: fill(spec.metadata ?? {}, leaf) as JsonObject,
    reimport: spec.reimport ?? false,
    baseFolder: plan.baseFolder,
  };
}

function parameter(leaf: Pick<LeafTask, 'inputs'>, name: string): FlowParameter {
  return leaf.inputs.parameters.get(name) ?? { value: '' };
}

/** Replaces references to parameters in keys and strings; a string that is one reference takes its type. */
function fill(value: JsonValue, leaf: Pick<LeafTask, 'inputs'>): JsonValue {
  if (typeof value === 'string') {
    const whole = [...value.matchAll(PARAMETER_REFERENCE)];
    if (whole.length === 1 && whole[0]![0] === value) return parameter(leaf, whole[0]![2]!).value;
    return value.replace(PARAMETER_REFERENCE, (_, _quote, name: string) => {
      return asText(parameter(leaf, name).value);
    });
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => fill(item, leaf));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, item]) => [
      asText(fill(key, leaf)),
      fill(item, leaf),
    ]),
  );
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
