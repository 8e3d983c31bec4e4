// Text with values in it, known when the pipeline runs: text`trained on ${raw.outputs.rows} rows`.

import { dslErrors } from '../errors/index.js';
import type { ParameterReference, TextTemplate } from './graph.js';
import { isReference } from './reference.js';

/** Joins literal text and parameters; a plain template literal cannot, since the values come later. */
export function text(
  literals: TemplateStringsArray,
  ...values: readonly (string | number | boolean | ParameterReference)[]
): TextTemplate {
  const parts = literals.flatMap((literal, index) => {
    const value = values[index];
    return value === undefined ? [literal] : [literal, textPart(value)];
  });
  return { kind: 'text', parts: parts.filter((part) => part !== '') };
}

/** Tells a template from any other value an untyped caller may pass. */
export function isTextTemplate(value: unknown): value is TextTemplate {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'text';
}

function textPart(value: unknown): string | ParameterReference {
  if (isReference(value)) {
    if (value.kind === 'parameter') return value;
    throw dslErrors.wrongTextPart(value.schemaTitle);
  }
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw dslErrors.wrongTextPart(value === null ? 'null' : typeof value);
}
