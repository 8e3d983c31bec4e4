#!/usr/bin/env node
// `npm test`: sets up what is missing, then runs every test, quick ones first.
//
//   npm test                      everything
//   npm test -- devserver         test files whose path holds "devserver"
//   npm test -- churn -t "title"  from the first flag on, vitest's own arguments
//
// The last line is the sum over all runners: "N passed, N failed, N skipped".

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runPytest, runVitest } from './lib/run-tests.mjs';
import { listTestStages } from './lib/test-files.mjs';
import { ROOT, runOrExplain, setUp } from './setup.mjs';

async function test(args) {
  const { filters, flags } = readArguments(args);
  await setUp();
  const { python, env } = await prepareEnvironment();
  const counts = await runStages(listTestStages(ROOT, filters), { flags, python, env });
  for (const failure of counts.flatMap(({ failures }) => failures))
    console.log(`FAILED ${failure}`);
  const total = (name) => counts.reduce((sum, count) => sum + count[name], 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  process.exitCode = total('failed') === 0 && total('passed') > 0 ? 0 : 1;
}

function readArguments(args) {
  const firstFlag = args.findIndex((argument) => argument.startsWith('-'));
  if (firstFlag < 0) return { filters: args, flags: [] };
  return { filters: args.slice(0, firstFlag), flags: args.slice(firstFlag) };
}

/** Builds both Python environments; the tests see no setting of the user's, only where these are. */
async function prepareEnvironment() {
  const load = (file) => import(new URL(`../dist/src/${file}/index.js`, import.meta.url).href);
  const [{ loadSettings }, { ensurePythonEnvironment }] = await Promise.all([
    load('config'),
    load('devserver'),
  ]);
  const settings = loadSettings(process.env, { cwd: ROOT });
  const report = (line) => process.stderr.write(`${line}\n`);
  const base = await ensurePythonEnvironment({ settings, report });
  const dev = await ensurePythonEnvironment({ settings, report, kind: 'dev' });
  const isOurs = ([name]) => !/^(ANNEAL|TEMPORAL)_/.test(name);
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(isOurs)),
    ANNEAL_TEST_PYTHON: base.python,
    ANNEAL_DEV_PYTHON: dev.python,
    ...(base.uv && { ANNEAL_TEST_UV: base.uv }),
    ...(process.env.ANNEAL_TEST_VERSITYGW && {
      ANNEAL_TEST_VERSITYGW: process.env.ANNEAL_TEST_VERSITYGW,
    }),
    ...(process.env.ANNEAL_TEST_CONTROL_PLANE && {
      ANNEAL_TEST_CONTROL_PLANE: process.env.ANNEAL_TEST_CONTROL_PLANE,
    }),
    ...(process.env.ANNEAL_SEED && { ANNEAL_SEED: process.env.ANNEAL_SEED }),
    ...(process.env.ANNEAL_SUITES && { ANNEAL_SUITES: process.env.ANNEAL_SUITES }),
  };
  return { python: dev.python, env };
}

async function runStages(stages, { flags, python, env }) {
  const reports = mkdtempSync(path.join(tmpdir(), 'anneal-test-reports-'));
  const counts = [];
  for (const { name, runner, files } of stages) {
    process.stderr.write(`\n== ${name}: ${files.length} files\n`);
    const request = { root: ROOT, files, flags, python, env, report: path.join(reports, name) };
    const begin = Date.now();
    counts.push(await (runner === 'vitest' ? runVitest(request) : runPytest(request)));
    process.stderr.write(`== ${name}: ${Math.round((Date.now() - begin) / 1000)} s\n`);
  }
  rmSync(reports, { recursive: true, force: true });
  return counts;
}

await runOrExplain(() => test(process.argv.slice(2)));
