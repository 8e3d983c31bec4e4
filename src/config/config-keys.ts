// The names of settings in anneal.config.ts: ANNEAL_IMPORT_ROOTS is importRoots there.

import { SETTING_VARIABLES, type SettingName } from './setting-variables.js';

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Rest>>}`
  : Lowercase<Name>;

/** Key in anneal.config.ts of a setting. */
export type ConfigKey<Name extends string> = Name extends `ANNEAL_${infer Rest}`
  ? CamelCase<Rest>
  : never;

/** Key in anneal.config.ts of a setting: `ANNEAL_S3_ENDPOINT` is `s3Endpoint`. */
export function configKey(name: string): string {
  const words = name.replace(/^ANNEAL_/, '').toLowerCase();
  return words.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Settings that a file may hold, by key; those that only tasks and tests know are not among them. */
export const CONFIG_KEYS: ReadonlyMap<string, SettingName> = new Map(
  (Object.keys(SETTING_VARIABLES) as SettingName[])
    .filter((name) => SETTING_VARIABLES[name].audience === 'everyone')
    .map((name) => [configKey(name), name]),
);
