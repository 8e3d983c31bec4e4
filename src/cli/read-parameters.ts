// The parameters of a run, from flags and a file.
//
// Q1. A flag wins over the file, and the user is told so; one source may name a parameter once only.
// Q2. Names are kept apart from prototypes: `__proto__` is a name like any other, and unknown.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { clientErrors } from '../errors/index.js';
import { parseParameterText, type PipelineSpecJson } from '../ir/index.js';
import type { JsonObject, JsonValue } from '../util/index.js';

// A start request may hold 1 MiB; a longer file could never be sent.
const MAX_FILE_BYTES = 1024 * 1024;

export interface ParameterSources {
  /** `name=text`, as given to -p. */
  readonly flags: readonly string[];
  /** YAML or JSON file with a mapping of names to values. */
  readonly file?: string;
  readonly cwd: string;
}

/**
 * Reads both sources and gives flag texts the type that the pipeline declares.
 *
 * @param onOverride  told of each flag that hides a value of the file (Q1)
 * @throws E_USAGE for a malformed or repeated flag; E_PARAM for a text that is no value of its type
 */
export async function readParameters(
  spec: PipelineSpecJson,
  sources: ParameterSources,
  onOverride: (name: string, used: JsonValue, hidden: JsonValue) => void,
): Promise<JsonObject> {
  const values = new Map(
    sources.file === undefined ? [] : await readFileValues(sources.file, sources.cwd),
  );
  for (const [name, text] of splitFlags(sources.flags)) {
    const value = parseParameterText(spec, name, text);
    const hidden = values.get(name);
    if (hidden !== undefined) onOverride(name, value, hidden);
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

/** Splits `name=text` at the first `=`. @throws E_USAGE */
export function splitFlags(flags: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const flag of flags) {
    const equals = flag.indexOf('=');
    if (equals < 1) {
      throw clientErrors.usage(
        `"--param ${flag}" has no value.`,
        'Write it as --param name=value.',
      );
    }
    const name = flag.slice(0, equals);
    if (texts.has(name)) {
      throw clientErrors.usage(
        `Parameter "${name}" is given twice.`,
        'Leave out one of the two --param flags.',
      );
    }
    texts.set(name, flag.slice(equals + 1));
  }
  return texts;
}

async function readFileValues(file: string, cwd: string): Promise<[string, JsonValue][]> {
  const text = await readLimited(path.resolve(cwd, file), file);
  const value = parseMapping(text, file);
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw clientErrors.usage(
      `"${file}" holds no mapping of parameter names to values.`,
      'Write one "name: value" a line.',
    );
  }
  return Object.entries(value as JsonObject);
}

function parseMapping(text: string, file: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 0 });
  } catch (error) {
    if (!(error instanceof YAMLParseError) && !(error instanceof ReferenceError)) throw error;
    throw clientErrors.usage(
      `"${file}" cannot be read as YAML or JSON: ${error.message.split('\n', 1)[0]}`,
      'Write one "name: value" a line, each name once, without anchors.',
    );
  }
}

async function readLimited(absolute: string, file: string): Promise<string> {
  const bytes = await readFile(absolute).catch((error: NodeJS.ErrnoException) => {
    throw clientErrors.usage(
      `The parameter file "${file}" cannot be read (${error.code}).`,
      'Check the path given to --params-file.',
    );
  });
  if (bytes.length > MAX_FILE_BYTES) {
    throw clientErrors.parametersTooLarge(
      `${bytes.length} bytes in "${file}"`,
      `${MAX_FILE_BYTES} bytes`,
    );
  }
  return bytes.toString('utf8');
}
