#!/usr/bin/env node
// How fast this machine runs the churn pipeline, beside the same work as one plain Python script.
//
//   npm run bench                 a minute
//   npm run bench -- --scale      instead: what a second worker adds, and what Temporal carries for each task
//   npm run bench -- --setup      also set-up in fresh clones, with empty and with filled package caches
//
// B1. All numbers of one output come from one run on one machine; those of the churn pipeline are medians of five.
// B2. Pipeline and script do the same work: the same fits on the same rows, nothing deployed, nothing cached. The
//     start of Anneal's service is a line of its own; the script's Python environment is there before.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { benchChurn } from './lib/bench-churn.mjs';
import { benchScale } from './lib/bench-scale.mjs';
import { benchSetup } from './lib/bench-setup.mjs';
import { ROOT, runOrExplain, setUp } from './setup.mjs';

const OTHER_BENCH = 'npx vitest run --config test/bench/vitest.config.ts kfp-local';

async function bench(args) {
  await setUp();
  const heading = machine();
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-bench-'));
  try {
    if (args.includes('--scale')) {
      const scale = await benchScale(path.join(folder, 'scale'));
      return console.log(`${heading}\n\n${table(scale, 'value')}`);
    }
    const setup = args.includes('--setup') ? await benchSetup(folder) : [];
    const rows = [...setup, ...(await benchChurn(path.join(folder, 'churn')))];
    console.log(`${heading}\n\n${table(rows)}\n`);
    console.log(`Against KFP's local runner, over the KFP corpus: ${OTHER_BENCH}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function machine() {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const processors = `${cpus().length} × ${cpus()[0]?.model.trim() || 'unknown processor'}`;
  const date = new Date().toISOString().slice(0, 10);
  const load = `load ${loadavg()[0].toFixed(1)} before`; // of other programs: 0 is a quiet machine
  return `Anneal ${version}, Node ${process.versions.node}, ${process.platform}, ${processors}, ${memory}, ${load}, ${date}`;
}

function table(rows, unit = 'seconds') {
  const lines = rows.map(
    ([what, value, remark = '']) => `| ${what} | ${value.toFixed(2)} | ${remark} |`,
  );
  return [`| what | ${unit} | |`, '|---|---:|---|', ...lines].join('\n');
}

await runOrExplain(() => bench(process.argv.slice(2)));
