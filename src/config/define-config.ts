import type { ConfigKey } from './config-keys.js';
import type { SETTING_VARIABLES, SettingName } from './setting-variables.js';

type ValueOf<Name extends SettingName> = (typeof SETTING_VARIABLES)[Name]['schema'] extends {
  _output: infer Value;
}
  ? Value
  : never;
type ForEveryone = {
  [Name in SettingName]: (typeof SETTING_VARIABLES)[Name]['audience'] extends 'everyone'
    ? Name
    : never;
}[SettingName];

/** What anneal.config.ts may hold: every setting of docs/settings.md, by its key there. */
export type AnnealConfig = {
  readonly [Name in ForEveryone as ConfigKey<Name>]?: string extends ValueOf<Name>
    ? string | readonly string[]
    : ValueOf<Name>;
};

/** Gives the editor the names and types of the settings; returns what it gets. */
export function defineConfig(config: AnnealConfig): AnnealConfig {
  return config;
}
