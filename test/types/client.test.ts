// The client's types, checked in one program: its types are many, and each program reads them all.

import { beforeAll, describe, expect, it } from 'vitest';
import { typeCheck } from './type-check.js';

const BEGIN = `
import type { AnnealClient } from 'anneal';
import { churn } from 'anneal/pipelines';
declare const anneal: AnnealClient;
`;
const ACCEPTED = `
const run = await anneal.start(churn, { data_path: 'a.csv', n_estimators: 3 });
const { outputs } = await run.result();
const accuracy: number | undefined = outputs.test_accuracy;
const passed: boolean | undefined = outputs.passed;
await anneal.start('etl@3', { rows: [1, 'a'] });
await anneal.start('etl');
export { accuracy, passed };`;
const RESULT = `(await (await anneal.start(churn, { data_path: 'a' })).result())`;

/** What is refused, and what the fault names. */
const REFUSED = {
  'a missing parameter': [`await anneal.start(churn, { n_estimators: 3 });`, 'data_path'],
  'no parameters where one is required': [`await anneal.start(churn);`, 'StartRequest'],
  'a mistyped one': [`await anneal.start(churn, { data_path: 3 });`, 'number'],
  'an unknown one': [`await anneal.start(churn, { data_path: 'a', trees: 3 });`, 'trees'],
  'an output of another type': [
    `export const word: string | undefined = ${RESULT}.outputs.passed;`,
    'boolean',
  ],
  'an output that does not exist': [`export const none = ${RESULT}.outputs.loss;`, 'loss'],
} as const;

describe('the client', () => {
  let faults: readonly string[];

  beforeAll(() => {
    const refused = Object.values(REFUSED).map(([statement], index) => [
      `refused-${index}.ts`,
      `${BEGIN}${statement}\nexport {};\n`,
    ]);
    faults = typeCheck({
      'accepted.ts': `${BEGIN}${ACCEPTED}\n`,
      ...(Object.fromEntries(refused) as Record<string, string>),
    });
  }, 240_000);

  it('knows parameters and outputs of a pipeline', () => {
    expect(faults.filter((fault) => fault.startsWith('accepted.ts'))).toEqual([]);
  });

  it.each(
    Object.entries(REFUSED).map(([title, [, words]], index) => [title, words, index] as const),
  )('refuses %s in the editor, naming %s', (_, words, index) => {
    const found = faults.filter((fault) => fault.startsWith(`refused-${index}.ts`));

    expect(found.join('\n')).toContain(words);
  });
});
