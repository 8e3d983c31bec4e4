import type { ImportRequest, RunPlan } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import type { JsonObject, JsonValue } from '../util/json.js';
import { fillReferences } from './fill-references.js';
import type { LeafTask } from './leaf-task.js';
import type { FlowParameter } from './flow-values.js';

interface ImporterSpec {
  readonly artifactUri?: { readonly constant?: JsonValue; readonly runtimeParameter?: string };
  readonly typeSchema?: { readonly schemaTitle?: string; readonly schemaVersion?: string };
  readonly metadata?: JsonObject;
  readonly reimport?: boolean;
}

/** Builds the request of an importer task: its address and metadata with the task's parameters filled in. */
export function importRequest(
  plan: RunPlan,
  leaf: Pick<LeafTask, 'path' | 'inputs' | 'task'>,
  importer: JsonObject,
): ImportRequest {
  const spec = importer as ImporterSpec;
  const { runtimeParameter, constant } = spec.artifactUri ?? {};
  const source = runtimeParameter ? parameter(leaf, runtimeParameter) : { value: constant ?? '' };
  const lookUp = (name: string): JsonValue => parameter(leaf, name).value;
  const uri = fillReferences(source.value, lookUp);
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
    metadata: fillReferences(spec.metadata ?? {}, lookUp) as JsonObject,
    reimport: spec.reimport ?? false,
    baseFolder: plan.baseFolder,
  };
}

function parameter(leaf: Pick<LeafTask, 'inputs'>, name: string): FlowParameter {
  return leaf.inputs.parameters.get(name) ?? { value: '' };
}
