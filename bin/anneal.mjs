#!/usr/bin/env node
// The `anneal` command. In a source checkout it first installs and builds what is missing.

import { existsSync } from 'node:fs';
import { runOrExplain, setUp } from './setup.mjs';

const isCheckout = existsSync(new URL('../src', import.meta.url));

await runOrExplain(async () => {
  if (isCheckout) await setUp();
  await import(new URL('../dist/src/cli/main.js', import.meta.url).href);
});
