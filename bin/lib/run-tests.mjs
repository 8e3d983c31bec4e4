// Runs vitest and pytest and counts what they say. A runner that fails without a failed test counts as one.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{
 *   root: string,
 *   files: string[],
 *   flags: string[],
 *   report: string,
 *   python: string,
 *   env: NodeJS.ProcessEnv,
 * }} TestRequest  `report`: file that the runner writes its result to; `flags`: for vitest; `python`: for pytest
 */

/** @param {TestRequest} request @returns {Promise<Counts>} */
export async function runVitest({ root, files, flags, report, env }) {
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = [vitest, 'run', ...reporters, ...flags, ...files];
  const code = await run(process.execPath, args, root, env);
  return settle(code, report, countVitest);
}

/** @param {TestRequest} request @returns {Promise<Counts>} */
export async function runPytest({ root, files, python, report, env }) {
  const folder = path.join(root, 'python-tasks');
  const paths = files.map((file) => path.relative('python-tasks', file));
  const args = ['-m', 'pytest', '-q', `--junitxml=${report}`, ...paths];
  const code = await run(python, args, folder, env);
  return settle(code, report, countPytest);
}

function run(program, args, cwd, env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function settle(code, report, count) {
  const counts = existsSync(report)
    ? count(readFileSync(report, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function countVitest(text) {
  const { testResults, ...totals } = JSON.parse(text);
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: totals.numPassedTests,
    failed: totals.numFailedTests + unloaded.length,
    skipped: totals.numPendingTests + totals.numTodoTests,
  };
}

function countPytest(text) {
  const read = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1]);
  const failed = read('failures') + read('errors');
  return { passed: read('tests') - failed - read('skipped'), failed, skipped: read('skipped') };
}
