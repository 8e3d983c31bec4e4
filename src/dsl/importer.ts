// Importers: bring an existing file or object into a pipeline as an artifact.

import type { ImporterSpecJson } from '../ir/index.js';
import type { JsonObject } from '../util/index.js';
import type { ArtifactType } from './artifact-type.js';
import { checkArgument } from './check-argument.js';
import type { ParameterReference, Task, TaskOptions } from './graph.js';
import { string } from './parameter-type.js';
import { placeTask } from './place-task.js';
import type { ReferencesOf } from './reference.js';

/** Importers have one output, `artifact` (kfp.dsl.importer_node.OUTPUT_KEY). */
export interface ImporterOutputs<Title extends string> {
  readonly artifact: ArtifactType<Title>;
}

/**
 * Places an importer task: a path or URI in, a typed artifact out.
 *
 * @param source.uri       address, fixed or a string parameter; relative paths start at the run's folder
 * @param source.type      what the artifact is taken to be
 * @param source.reimport  true: read it anew on every run; default false
 * @param source.metadata  recorded with the artifact
 */
export function importer<Title extends string>(
  source: {
    readonly uri: string | ParameterReference<'string'>;
    readonly type: ArtifactType<Title>;
    readonly reimport?: boolean;
    readonly metadata?: JsonObject;
  },
  options: TaskOptions = {},
): Task<ReferencesOf<ImporterOutputs<Title>>> {
  const definition = {
    name: 'importer',
    inputs: { uri: string() },
    outputs: { artifact: source.type },
    implementation: { kind: 'importer', importer: importerSpec(source) },
  } as const;
  const task = placeTask(definition, { uri: source.uri }, options);
  return task as unknown as Task<ReferencesOf<ImporterOutputs<Title>>>;
}

function importerSpec(source: Parameters<typeof importer>[0]): ImporterSpecJson {
  const uri = checkArgument({
    component: 'importer',
    input: 'uri',
    type: string(),
    value: source.uri,
  });
  return {
    artifactUri: uri.kind === 'constant' ? { constant: uri.value } : { runtimeParameter: 'uri' },
    typeSchema: {
      schemaTitle: source.type.schemaTitle,
      schemaVersion: source.type.schemaVersion,
    },
    ...(source.reimport === true ? { reimport: true } : {}),
    ...(source.metadata === undefined ? {} : { metadata: source.metadata }),
  } as ImporterSpecJson;
}
