import { SETTING_VARIABLES } from './setting-variables.js';

/** Writes the settings as the Markdown table of docs/settings.md. */
export function renderSettingsTable(): string {
  const rows = Object.entries(SETTING_VARIABLES)
    .filter(([, { audience }]) => audience === 'everyone')
    .map(([name, row]) => `| \`${name}\` | ${row.expected} | ${row.default} | ${row.meaning} |`);
  return ['| Variable | Value | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
