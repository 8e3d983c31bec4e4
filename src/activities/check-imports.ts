// Refuses, before a run starts, importers whose address nobody here can read: another machine's, another cloud's.
//
// I1. Only importers that are sure to run are looked at: tasks of the root without a condition. A place inside
//     a branch that is not taken costs the run nothing; the others fail when they are reached.

import type { Pipeline, PipelineTaskSpecJson } from '../ir/index.js';
import { constantOf } from '../ir/index.js';
import { readImportAddress } from '../storage/index.js';
import type { JsonObject, JsonValue } from '../util/index.js';

/** @throws E_IMPORT_REFUSED */
export function checkImports(
  { spec, deployment }: Pipeline,
  parameters: JsonObject,
  baseFolder: string,
): void {
  for (const task of Object.values(spec.root?.dag?.tasks ?? {})) {
    if (task.triggerPolicy?.condition) continue; // I1
    const label = spec.components?.[task.componentRef?.name ?? '']?.executorLabel ?? '';
    const uri = addressOf(deployment.executors[label]?.importer?.artifactUri, task, parameters);
    if (typeof uri === 'string' && uri !== '' && !uri.includes('{{$')) {
      readImportAddress(uri, baseFolder);
    }
  }
}

/** The address, where it is known before the run. */
function addressOf(
  source: { readonly constant?: JsonValue; readonly runtimeParameter?: string } | undefined,
  task: PipelineTaskSpecJson,
  parameters: JsonObject,
): JsonValue | undefined {
  if (!source?.runtimeParameter) return source?.constant;
  const input = task.inputs?.parameters?.[source.runtimeParameter];
  if (input?.componentInputParameter) return parameters[input.componentInputParameter];
  return input?.runtimeValue && constantOf(input.runtimeValue);
}
