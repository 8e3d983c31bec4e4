import { describe, expect, it } from 'vitest';
import { typeCheck } from './type-check.js';

const BEGIN = `
import type { AnnealClient } from 'anneal';
import { churn } from 'anneal/pipelines';
declare const anneal: AnnealClient;
`;

/** Faults of one statement, without their places. */
function faultsOf(statement: string): string[] {
  const faults = typeCheck({ 'client-use.ts': `${BEGIN}${statement}\n` });
  return faults.map((fault) => fault.replace(/^\S+ /, '').split('\n')[0]!);
}

describe('the client', () => {
  it('knows parameters and outputs of a pipeline', () => {
    expect(
      faultsOf(`
        const run = await anneal.start(churn, { data_path: 'a.csv', n_estimators: 3 });
        const { outputs } = await run.result();
        const accuracy: number | undefined = outputs.test_accuracy;
        const passed: boolean | undefined = outputs.passed;
        export { accuracy, passed };`),
    ).toEqual([]);
  });

  it('takes any values for a name, and no parameters at all', () => {
    expect(
      faultsOf(
        `await anneal.start('etl@3', { rows: [1, 'a'] }); await anneal.start('etl'); export {};`,
      ),
    ).toEqual([]);
  });

  it.each([
    [
      'a missing parameter',
      `await anneal.start(churn, { n_estimators: 3 }); export {};`,
      'data_path',
    ],
    ['no parameters where one is required', `await anneal.start(churn); export {};`, 'arguments'],
    ['a mistyped one', `await anneal.start(churn, { data_path: 3 }); export {};`, 'number'],
    [
      'an unknown one',
      `await anneal.start(churn, { data_path: 'a', trees: 3 }); export {};`,
      'trees',
    ],
    [
      'an output of another type',
      `export const word: string | undefined = (await (await anneal.start(churn, { data_path: 'a' })).result()).outputs.passed;`,
      'boolean',
    ],
    [
      'an output that does not exist',
      `export const none = (await (await anneal.start(churn, { data_path: 'a' })).result()).outputs.loss;`,
      'loss',
    ],
  ])('refuses %s in the editor', (_, statement, words) => {
    const faults = faultsOf(statement);

    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).toContain(words);
  });
});
