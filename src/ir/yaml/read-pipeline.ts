// From the text of a file to a validated pipeline.
//
// R1. Every error names a place: `file:line:column` in `where`, the JSON path in `details.path`.
// R2. What is read is what runs: nothing of the file is dropped or guessed at.

import { isAnnealError } from '../../errors/index.js';
import type { JsonObject, JsonValue } from '../../util/index.js';
import type { Pipeline } from '../pipeline.js';
import { collectFindings } from '../validate/collect-findings.js';
import { validatePipeline } from '../validate/index.js';
import { decodePipeline } from './decode-pipeline.js';
import { locateIn } from './locate.js';
import { parseDocuments, type YamlFile } from './parse-documents.js';
import { expectPipelineShape, recognisePython } from './recognise.js';
import { checkSchemaVersion } from './schema-version.js';
import { toPlainJson } from './to-plain-json.js';

/**
 * Reads a compiled KFP pipeline: a PipelineSpec in YAML or JSON, and a PlatformSpec after it or none.
 *
 * @param text    the file's content, at most 5 MB as UTF-8
 * @param source  the file's name, for places in errors
 * @throws AnnealError of the ir family; up to 20 findings are in `details.errors`
 */
export function readPipeline(text: string, source: string): Pipeline {
  const { file, document, platform } = parseFile(text, source);
  const locate = locateIn(file);
  const warnings = checkSchemaVersion(document, locate(['schemaVersion']));
  const decoded = collectFindings(locate, (report) => decodePipeline(document, platform, report));
  const pipeline = { ...decoded!, warnings };
  validatePipeline(pipeline, locate);
  return pipeline;
}

interface ParsedFile {
  readonly file: YamlFile;
  readonly document: JsonObject;
  readonly platform: JsonValue | undefined;
}

/** Parses the file; what is no YAML mapping may still be recognised as something else. */
function parseFile(text: string, source: string): ParsedFile {
  try {
    const file = parseDocuments(text, source);
    const [first = null, platform] = file.documents.map((each) => toPlainJson(each, file.place));
    return { file, document: expectPipelineShape(first, `${source}:1:1`), platform };
  } catch (error) {
    const isYaml = isAnnealError(error) && error.code === 'E_YAML';
    throw (isYaml ? recognisePython(text, source) : undefined) ?? error;
  }
}
