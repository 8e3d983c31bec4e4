// What can be wrong with a pipeline as a whole file, and how findings become one error.
// Findings about single fields are worded in ir-findings.ts.

import { AnnealError } from './anneal-error.js';
import type { ErrorCode } from './codes.js';
import type { Finding } from './ir-findings.js';

/** A finding with its place. */
export interface LocatedFinding extends Finding {
  /** `file:line:column`, or the JSON path when there is no file. */
  readonly where: string;
  /** JSON path. */
  readonly path: string;
}

// 20: what a reader can act on at once; further findings are mostly echoes of the first ones.
export const MAX_FINDINGS = 20;

/**
 * Makes one error of all findings: the first is its message, all are in `details.errors`.
 *
 * @param findings  at least one, at most MAX_FINDINGS
 * @param total     how many there are in all
 */
export function invalidPipeline(findings: readonly LocatedFinding[], total: number): AnnealError {
  const { message, code, hint, where, path } = findings[0]!;
  return new AnnealError(message, {
    code,
    hint,
    where,
    details: { path, total, errors: findings },
  });
}

function fileError(code: ErrorCode, where: string, message: string, hint: string): AnnealError {
  return new AnnealError(message, { code, where, hint });
}

/** Made when a file is over the byte limit; it was not parsed. */
export function fileTooLarge(source: string, sizeBytes: number, limitBytes: number): AnnealError {
  return fileError(
    'E_TOO_LARGE',
    source,
    `The file has ${sizeBytes} bytes; a pipeline may have ${limitBytes}.`,
    'Move large values out of the pipeline: pass them as artifacts, or put code into an image.',
  );
}

/** Made when a file cannot be opened or read. */
export function fileUnreadable(source: string, reason: string, cause: unknown): AnnealError {
  return new AnnealError(`The pipeline file cannot be read: ${reason}.`, {
    code: 'E_YAML',
    where: source,
    hint: 'Give the path of a compiled pipeline (YAML or JSON).',
    cause,
  });
}

/** Made when the bytes are not UTF-8 text. */
export function notText(source: string, looksLike: string): AnnealError {
  return fileError(
    'E_YAML',
    source,
    `The file is not UTF-8 text; it looks like ${looksLike}.`,
    'Give the compiled pipeline itself, saved as UTF-8 (YAML or JSON).',
  );
}

/** Made when the text is not well-formed YAML. */
export function malformedYaml(where: string, reason: string): AnnealError {
  return fileError(
    'E_YAML',
    where,
    `The file is not well-formed YAML: ${reason}`,
    'Correct the line, or compile the pipeline again.',
  );
}

/** Made when the YAML is well-formed but larger in structure than any pipeline. */
export function yamlLimit(where: string, what: string): AnnealError {
  return fileError(
    'E_YAML_LIMIT',
    where,
    `The YAML ${what}.`,
    'Compile the pipeline again; a compiled pipeline stays far below this limit.',
  );
}

/** Made when the file holds no mapping at its top. */
export function notMapping(source: string, found: string): AnnealError {
  return fileError(
    'E_YAML',
    source,
    `The file holds ${found}; a pipeline is a mapping.`,
    'Compile a pipeline first: anneal compile, or kfp dsl compile.',
  );
}

/** Made when the file is recognised as something else. */
export function notPipelineSpec(where: string, looksLike: string, hint: string): AnnealError {
  return fileError(
    'E_NOT_PIPELINE_SPEC',
    where,
    `The file is not a KFP v2 pipeline spec; it looks like ${looksLike}.`,
    hint,
  );
}

/** Made when the schema version is absent or cannot be read by this version. */
export function schemaVersion(where: string, found: string): AnnealError {
  return fileError(
    'E_SCHEMA_VERSION',
    where,
    `The schema version is ${found}; Anneal reads 2.0.0 to 2.1.x.`,
    'Set schemaVersion: 2.1.0, or compile the pipeline with the KFP SDK 2.x.',
  );
}

/** Made when the file has more documents than a pipeline and its platform spec. */
export function tooManyDocuments(where: string): AnnealError {
  return fileError(
    'E_PLATFORM',
    where,
    'The file has more than two YAML documents.',
    'Keep the pipeline spec first and at most one platform spec after it.',
  );
}

/** Made when a key would reach the prototype of the object that holds it. */
export function reservedKey(where: string, key: string): AnnealError {
  return fileError('E_NAME', where, `The key "${key}" is reserved.`, 'Choose another name.');
}

/**
 * Made when a condition cannot be evaluated to true or false.
 *
 * @param values  the parameters it reads
 */
export function conditionFailed(
  expression: string,
  reason: string,
  values: Readonly<Record<string, unknown>>,
): AnnealError {
  const shown = Object.entries(values).map(([name, value]) => `${name} = ${shortJson(value)}`);
  const given = shown.length === 0 ? '' : ` with ${shown.join(', ')}`;
  return new AnnealError(`The condition "${shorten(expression)}" fails${given}: ${reason}.`, {
    code: 'E_CONDITION',
    hint: 'Make sure that every value it reads is there and has the type it is compared with.',
    details: { expression: shorten(expression), reason },
  });
}

/** Made when a selector cannot pick its part of a value. */
export function selectorFailed(expression: string, reason: string, value: unknown): AnnealError {
  const message = `The selector "${shorten(expression)}" fails on ${shortJson(value)}: ${reason}.`;
  return new AnnealError(message, {
    code: 'E_SELECTOR',
    hint: 'Make sure that the upstream task writes the key that is selected.',
    details: { expression: shorten(expression), reason },
  });
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** JSON.stringify runs out of stack on a value that nests some 10,000 levels. */
function shortJson(value: unknown): string {
  try {
    return shorten(JSON.stringify(value) ?? 'nothing');
  } catch {
    return 'a value that nests too deeply';
  }
}
