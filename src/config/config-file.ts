// anneal.config.ts: the settings of a project, in a file beside it.
//
// F1. The environment wins over the file, so that one start can differ without an edit.
// F2. Relative paths of the file start at the file's folder, wherever the command runs.
// F3. Only the user's own command reads the file. What it starts (server, workers) gets the outcome as environment.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { configErrors } from '../errors/index.js';
import { closestMatch } from '../util/index.js';
import { CONFIG_KEYS } from './config-keys.js';
import type { SettingName } from './setting-variables.js';

const FILES = ['ts', 'mts', 'js', 'mjs', 'json'].map((extension) => `anneal.config.${extension}`);

/** Settings as a file has them, written as environment variables would be. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly values: Readonly<Partial<Record<SettingName, string>>>;
}

/**
 * Reads the nearest `anneal.config.{ts,mts,js,mjs,json}` of a folder and its parents.
 *
 * @returns undefined when there is none
 * @throws E_CONFIG when it cannot be loaded, is no object, or has an unknown key
 */
export async function readConfigFile(cwd: string): Promise<ConfigFile | undefined> {
  const file = findFile(path.resolve(cwd));
  if (file === undefined) return undefined;
  const config = await load(file);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw configErrors.configFileInvalid(file, 'it exports no object (export default { … })');
  }
  const values: Partial<Record<SettingName, string>> = {};
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined) continue;
    const name = CONFIG_KEYS.get(key);
    if (name === undefined) throw unknownKey(file, key);
    values[name] = asText(value);
  }
  return { path: file, values };
}

function findFile(folder: string): string | undefined {
  for (let current = folder; ; current = path.dirname(current)) {
    const found = FILES.map((name) => path.join(current, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (current === path.dirname(current)) return undefined;
  }
}

async function load(file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(await readFile(file, 'utf8'));
    if (/\.m?js$/.test(file)) {
      return ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
    }
    const { createJiti } = await import('jiti');
    return await createJiti(import.meta.url, { fsCache: false }).import(file, { default: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw configErrors.configFileInvalid(file, reason, error);
  }
}

/** As the environment would have it: lists of texts as in PATH, everything else structured as JSON. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.join(path.delimiter);
  }
  return JSON.stringify(value);
}

function unknownKey(file: string, key: string): Error {
  const known = [...CONFIG_KEYS.keys()];
  return configErrors.configKeyUnknown(file, key, closestMatch(key, known), known);
}
