import { configKey } from './config-keys.js';
import type { SettingVariable } from './setting-variable.js';
import { SETTING_VARIABLES } from './setting-variables.js';

/** Writes the settings as the Markdown table of docs/settings.md. */
export function renderSettingsTable(): string {
  const rows = Object.entries<SettingVariable>(SETTING_VARIABLES)
    .filter(([, { audience }]) => audience === 'everyone')
    .map(([name, row]) => {
      const flag = row.flag === undefined ? '' : `\`${row.flag}\``;
      const cells = [`\`${name}\``, `\`${configKey(name)}\``, flag];
      return `| ${[...cells, row.expected, row.default, row.meaning].join(' | ')} |`;
    });
  return [
    '| Environment | anneal.config.ts | Flag | Value | Default | Meaning |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
