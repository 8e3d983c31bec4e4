import { existsSync } from 'node:fs';

/** Python of a base environment with KFP's executor; the test bootstrap sets it. */
export const testPython = process.env.ANNEAL_TEST_PYTHON ?? '';
/** Path of uv, where the test machine has it. */
export const testUv = process.env.ANNEAL_TEST_UV;

/** Says why tests with a real Python cannot run; undefined when they can. */
export function missingPython(): string | undefined {
  if (testPython !== '' && existsSync(testPython)) return undefined;
  const reason =
    'SKIPPED: ANNEAL_TEST_PYTHON names no Python; tests with real processes did not run';
  console.warn(reason);
  return reason;
}
