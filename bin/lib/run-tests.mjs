// Runs vitest and pytest and counts what they say. A runner that fails without a failed test counts as one.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts
 *   `failures`: file, title and first line of what was wrong
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
  return settle(code, report, (text) => countVitest(text, root));
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
    : { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (code === 0 || counts.failed > 0) return counts;
  return { ...counts, failed: 1, failures: [`the runner ended with code ${code}`] };
}

function countVitest(text, root) {
  const { testResults, ...totals } = JSON.parse(text);
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: totals.numPassedTests,
    failed: totals.numFailedTests + unloaded.length,
    skipped: totals.numPendingTests + totals.numTodoTests,
    failures: [
      ...unloaded.map(({ name, message }) => describe(path.relative(root, name), message)),
      ...testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) =>
            describe(`${path.relative(root, name)} > ${fullName}`, failureMessages[0]),
          ),
      ),
    ],
  };
}

function describe(test, message = '') {
  return [test, message.trim().split('\n')[0]].filter(Boolean).join(': ');
}

function countPytest(text) {
  const read = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1]);
  const failed = read('failures') + read('errors');
  const cases = text.matchAll(
    /<testcase classname="([^"]*)" name="([^"]*)"[^>]*><(?:failure|error) message="([^"]*)"/g,
  );
  return {
    passed: read('tests') - failed - read('skipped'),
    failed,
    skipped: read('skipped'),
    failures: [...cases].map(([, file, name, message]) => describe(`${file} > ${name}`, message)),
  };
}
