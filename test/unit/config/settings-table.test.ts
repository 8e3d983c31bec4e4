import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderSettingsTable } from '../../../src/config/index.js';

test('docs/settings.md holds the table of settings as the code has it', () => {
  const page = readFileSync('docs/settings.md', 'utf8');

  expect(unalign(page)).toContain(unalign(renderSettingsTable()));
});

/** Takes out what the formatter adds to a table. */
function unalign(markdown: string): string {
  return markdown.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---');
}
