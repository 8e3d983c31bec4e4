#!/usr/bin/env node
// Generates the reference tables: docs/errors.md, docs/settings.md and docs/cli.md, from the built code.
//
// Usage: node bin/generate-docs.mjs     (after npm run build)
//
// G1. Only what stands between the marks of a page is written; the rest of it is prose.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT, runOrExplain, setUp } from './setup.mjs';
import { renderCommands, renderErrorTables, replacePart } from './lib/render-docs.mjs';

const CLI = path.join(ROOT, 'dist/src/cli/main.js');

async function generate() {
  await setUp();
  const load = (file) => import(new URL(`../dist/src/${file}/index.js`, import.meta.url).href);
  const [{ ERROR_CODES }, { renderSettingsTable }] = await Promise.all([
    load('errors'),
    load('config'),
  ]);
  await writePart('errors', renderErrorTables(ERROR_CODES));
  await writePart('settings', renderSettingsTable());
  await writePart('cli', renderCommands(listCommands()));
}

/** @param {string} name  of the page and of its generated part */
async function writePart(name, text) {
  const file = path.join(ROOT, 'docs', `${name}.md`);
  const page = replacePart(readFileSync(file, 'utf8'), name, text);
  const options = await resolveConfig(file);
  writeFileSync(file, await format(page, { ...options, filepath: file }));
}

/** Every command, a group of commands before its own: `endpoints`, `endpoints list`. */
function listCommands(group = '') {
  const lines = help(group).matchAll(/^ {2}([a-z]+)(?:\|[a-z-]+)*(?: [[<].*?)? {2,}\S/gm);
  const names = [...lines].map(([, name]) => name).filter((name) => name !== 'help');
  return names.flatMap((name) => {
    const words = `${group} ${name}`.trim();
    return [{ words, help: help(words) }, ...(isGroup(words) ? listCommands(words) : [])];
  });
}

function isGroup(words) {
  return /^Commands:$/m.test(help(words));
}

function help(words) {
  const args = [CLI, ...words.split(' ').filter(Boolean), '--help'];
  return execFileSync(process.execPath, args, { encoding: 'utf8' });
}

await runOrExplain(generate);
