import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderErrorTables } from '../../../bin/lib/render-docs.mjs';
import { ERROR_CODES } from '../../../src/errors/index.js';
import { callCli } from '../cli/support/call-cli.js';
import { listCommands } from './support/commands.js';

/** Takes out what the formatter adds to a table. */
const unalign = (markdown: string): string =>
  markdown.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---');

test('docs/errors.md holds every code as src/errors/codes.ts has it', () => {
  const page = readFileSync('docs/errors.md', 'utf8');

  expect(unalign(page)).toContain(unalign(renderErrorTables(ERROR_CODES)));
});

describe('docs/cli.md', () => {
  const page = readFileSync('docs/cli.md', 'utf8');
  const commands = listCommands();

  test('has a heading for each command, in their order', () => {
    const headings = [...page.matchAll(/^## anneal (.+)$/gm)].map(([, words]) => words);

    expect(headings).toEqual(commands.map(({ words }) => words));
  });

  test.each(commands.map(({ words }) => words))('holds the help of %s', async (words) => {
    const { stdout } = await callCli([...words.split(' '), '--help']);

    expect(stdout).toContain(`Usage: anneal ${words}`);
    expect(page).toContain(stdout.trim());
  });
});
