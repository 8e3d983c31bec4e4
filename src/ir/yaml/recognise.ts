// What a file is, when it is no pipeline spec.

import { irErrors } from '../../errors/index.js';
import type { AnnealError } from '../../errors/index.js';
import type { JsonObject, JsonValue } from '../../util/index.js';

const COMPILE_PYTHON = 'Compile it first: anneal compile pipeline.py -o pipeline.yaml';
const PYTHON_LINE =
  /^(?:from\s+[\w.]+\s+import\s|import\s+[\w.]+(?:\s+as\s+\w+)?\s*$|@dsl\.|def\s+\w+\()/m;

/** Recognises a Python program, which is often given instead of the file it compiles to. */
export function recognisePython(text: string, source: string): AnnealError | undefined {
  if (!source.endsWith('.py') && !PYTHON_LINE.test(text.slice(0, 20_000))) return undefined;
  return irErrors.notPipelineSpec(`${source}:1:1`, 'a Python program', COMPILE_PYTHON);
}

/**
 * Checks that a document has the shape of a pipeline spec at its top.
 *
 * @param where  place of the document's start
 * @returns the document as an object
 * @throws E_YAML (no mapping), E_NOT_PIPELINE_SPEC (a mapping of another kind)
 */
export function expectPipelineShape(document: JsonValue, where: string): JsonObject {
  if (document === null) throw irErrors.notMapping(where, 'nothing');
  if (Array.isArray(document)) throw irErrors.notMapping(where, 'a list');
  if (typeof document !== 'object') throw irErrors.notMapping(where, 'a single value');
  const mapping = document as JsonObject;
  const other = LOOKALIKES.find(({ matches }) => matches(mapping));
  if (other !== undefined) throw irErrors.notPipelineSpec(where, other.looksLike, other.hint);
  return mapping;
}

interface Lookalike {
  readonly looksLike: string;
  readonly hint: string;
  readonly matches: (document: JsonObject) => boolean;
}

const has = (document: JsonObject, ...keys: string[]) =>
  keys.every((key) => Object.hasOwn(document, key));

const isOfApi = ({ apiVersion }: JsonObject, group: string) =>
  typeof apiVersion === 'string' && apiVersion.startsWith(group);

const LOOKALIKES: readonly Lookalike[] = [
  {
    looksLike: 'an Argo Workflow, which KFP v1 compiles to',
    hint: 'Compile the pipeline with the KFP SDK 2.x.',
    matches: (document) => isOfApi(document, 'argoproj.io/'),
  },
  {
    looksLike: 'a Tekton pipeline',
    hint: 'Compile the pipeline with the KFP SDK 2.x, without the Tekton compiler.',
    matches: (document) => isOfApi(document, 'tekton.dev/'),
  },
  {
    looksLike: 'a Kubernetes object',
    hint: 'Give the compiled pipeline itself; in a PipelineVersion it is spec.pipelineSpec.',
    matches: (document) => has(document, 'apiVersion', 'kind'),
  },
  {
    looksLike: 'a KFP v1 component',
    hint: 'Use it in a pipeline with kfp.components.load_component_from_file and compile that.',
    matches: (document) => has(document, 'implementation'),
  },
  {
    looksLike: 'a PipelineJob, which wraps a pipeline with its parameters',
    hint: 'Give what is under pipelineSpec as the file, and the parameters with --param.',
    matches: (document) => has(document, 'pipelineSpec') || has(document, 'runtimeConfig'),
  },
  {
    looksLike: 'a single ComponentSpec',
    hint: 'Compile the component with the KFP SDK 2.x, which wraps it in a pipeline.',
    matches: (document) =>
      !has(document, 'root') && (has(document, 'executorLabel') || has(document, 'dag')),
  },
  {
    looksLike: 'a platform spec without its pipeline',
    hint: 'Put the pipeline spec before it, in the same file, separated by ---.',
    matches: (document) => has(document, 'platforms') && !has(document, 'root'),
  },
  {
    looksLike: 'some other YAML or JSON file',
    hint: 'A pipeline has pipelineInfo, root and schemaVersion at its top.',
    matches: (document) =>
      ![
        'pipelineInfo',
        'pipeline_info',
        'root',
        'schemaVersion',
        'schema_version',
        'deploymentSpec',
        'deployment_spec',
      ].some((key) => has(document, key)),
  },
];
