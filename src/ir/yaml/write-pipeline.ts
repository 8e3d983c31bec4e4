// A pipeline as canonical YAML.
//
// W1. Equal pipelines give equal bytes: keys sorted by UTF-16 code units, one fixed style.
// W2. KFP's SDK (PyYAML, YAML 1.1) reads the same values from it as we do (YAML 1.2).

import {
  type CreateNodeOptions,
  Document,
  type DocumentOptions,
  type ScalarTag,
  type SchemaOptions,
  type ToStringOptions,
} from 'yaml';
import type { Pipeline } from '../pipeline.js';

/** Controls and line breaks of YAML 1.1, which quotes alone do not protect; `=` is a tag there. */
const NEEDS_ESCAPES = /[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF]|^=$/u;
/** Text of several lines that a literal block (`|`) keeps in every reader. */
const IS_BLOCK = /^\S[^]*\n/;

const escapedText: ScalarTag = {
  identify: (value) => typeof value === 'string' && needsEscapes(value),
  default: true,
  tag: 'tag:yaml.org,2002:str',
  resolve: (text) => text,
  stringify: ({ value }) => JSON.stringify(value).replace(/[\u007F-\u{10FFFF}]/gu, unicodeEscape),
};

/** YAML 1.1 knows an exponent only after a point, and we refuse integers beyond 2^53. */
const pointedNumber: ScalarTag = {
  identify: (value) =>
    typeof value === 'number' && (/e/.test(String(value)) || isUnsafeInteger(value)),
  default: true,
  tag: 'tag:yaml.org,2002:float',
  // Matches no text; the yaml package prefers tags that have a test.
  test: /(?!)/,
  resolve: (text) => Number(text),
  stringify: ({ value }) => {
    const [mantissa = '', exponent] = String(value).split('e');
    const pointed = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
    return exponent === undefined ? pointed : `${pointed}e${exponent}`;
  },
};

const OPTIONS: CreateNodeOptions & DocumentOptions & SchemaOptions & ToStringOptions = {
  version: '1.2',
  // Quotes what YAML 1.1 would read as a boolean, an octal number or a date (W2).
  compat: 'yaml-1.1',
  sortMapEntries: (left, right) => (String(left.key) < String(right.key) ? -1 : 1),
  aliasDuplicateObjects: false,
  lineWidth: 0,
  customTags: (tags) => [escapedText, pointedNumber, ...tags],
};

/**
 * Writes a pipeline as canonical YAML: the spec, and the platform spec after it when there is one.
 *
 * @returns text that readPipeline and kfp.components.load_component_from_text take
 */
export function writePipeline({ spec, platform }: Pipeline): string {
  const documents = platform === undefined ? [spec] : [spec, platform];
  return documents.map((content) => new Document(content, OPTIONS).toString(OPTIONS)).join('---\n');
}

function needsEscapes(text: string): boolean {
  return NEEDS_ESCAPES.test(IS_BLOCK.test(text) ? text.replaceAll('\n', '') : text);
}

function isUnsafeInteger(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

function unicodeEscape(character: string): string {
  return `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`;
}
