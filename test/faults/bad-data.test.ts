// Data and models that a real run refuses, with a good endpoint beside them (fault matrix, rows 35 to 49, 52).

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import type { RunJson } from '../support/anneal-cli.js';
import { deployOfImportedModel } from './support/deploy-of-imported-model.js';

const PIPELINE = 'ml-training-pipeline';
const STACK_LINE = /^\s+at .+:\d+:\d+\)?$|Traceback/m;
const HEADER = 'minutes,plan,churn';
// Two classes, enough rows of each for both parts; `minutes` says little about the label.
const ROWS = Array.from(
  { length: 60 },
  (_, row) => `${(row * 37) % 60}.5,${'abc'[row % 3]},${row % 2 === 0 ? 'yes' : 'no'}`,
);
const table = (header: string, rows: readonly string[]): string => [header, ...rows, ''].join('\n');
const withRow = (row: string): string => table(HEADER, [...ROWS, row]);
const withColumn = (name: string, cell: (row: number) => string): string =>
  table(
    `${name},${HEADER}`,
    ROWS.map((row, index) => `${cell(index)},${row}`),
  );

describe.skipIf(TEST_PYTHON === undefined)(
  'data that a run refuses',
  { concurrent: true, timeout: 120_000 },
  () => {
    const home = new AnnealHome();
    let endpoints: string;

    const run = (
      csv: string | Uint8Array,
      name: string,
    ): Promise<RunJson & { exitCode: number }> => {
      const path = join(home.folder, `${name.replaceAll(/\W+/g, '-')}.csv`);
      writeFileSync(path, csv);
      return home.run(PIPELINE, '--param', `data_path=${path}`);
    };
    const listEndpoints = async (): Promise<string> =>
      (await home.call('endpoints', 'list', '--json')).stdout;

    beforeAll(async () => {
      await home.serve();
      const first = await home.run(PIPELINE, '-p', 'data_path=examples/churn/mlc_churn.csv');
      expect(first.deployment?.status).toBe('promoted');
      endpoints = await listEndpoints();
    });
    afterAll(async () => {
      expect(await listEndpoints(), 'no refused run changed what is served').toBe(endpoints);
      await home.close();
    });

    const refused: [title: string, csv: string | Uint8Array, code: string, message: RegExp][] = [
      ['36: an empty file', '', 'E_DATA', /file is empty/],
      ['37: a header only', table(HEADER, []), 'E_DATA', /0 rows/],
      ['38: one row', table(HEADER, ROWS.slice(0, 1)), 'E_DATA', /single class/],
      ['38: two rows', table(HEADER, ROWS.slice(0, 2)), 'E_DATA', /Too few rows of class/],
      [
        '39: no label column',
        table('minutes,plan,Churn ', ROWS),
        'E_DATA',
        /'minutes', 'plan', 'Churn '/,
      ],
      [
        '40: no label at all',
        table(
          HEADER,
          ROWS.map((row) => row.replace(/[^,]+$/, '')),
        ),
        'E_DATA',
        /no value in any of the 60 rows/,
      ],
      ['40: one label missing', withRow('1,a,'), 'E_DATA', /line 62/],
      [
        '41: a single class',
        table(
          HEADER,
          ROWS.map((row) => row.replace(/no$/, 'yes')),
        ),
        'E_DATA',
        /single class/,
      ],
      [
        '43: an infinite number',
        withRow('inf,a,yes'),
        'E_DATA',
        /'minutes' is infinite on line 62/,
      ],
      [
        '45: a column twice',
        withColumn('plan', () => 'a'),
        'E_DATA',
        /more than one column named 'plan'/,
      ],
      ['46: a row with a cell too many', withRow('1,a,b,yes'), 'E_DATA', /Line 62 has 4 cells/],
      ['46: a quote that is not closed', withRow('1,"a,yes'), 'E_DATA', /line 62 is not closed/],
      ['47: Latin-1', Buffer.from(withRow('1,é,yes'), 'latin1'), 'E_DATA', /Line 62 .* not UTF-8/],
      ['47: UTF-16', Buffer.from(`\uFEFF${withRow('1,a,yes')}`, 'utf16le'), 'E_DATA', /UTF-16/],
      ['47: semicolons', withRow('').replaceAll(',', ';'), 'E_DATA', /semicolons/],
      [
        '47: decimal commas',
        withColumn('share', (row) => `"${row},5"`),
        'E_DATA',
        /'share' .* decimal comma/,
      ],
      [
        '49: a copy of the label',
        withColumn('left', (row) => String(row % 2)),
        'E_LEAK',
        /'left' says the label/,
      ],
    ];

    test.each(refused)('row %s', async (title, csv, code, message) => {
      const { exitCode, status, error, deployment } = await run(csv, title);

      expect({ exitCode, status, code: error?.code }).toEqual({
        exitCode: 1,
        status: 'failed',
        code,
      });
      expect(error).toMatchObject({
        task: 'preprocess',
        hint: expect.stringMatching(/\S/) as string,
      });
      expect(error?.message).toMatch(message);
      expect(error?.message).not.toContain('\n');
      expect(deployment).toBeUndefined();
    });

    const unreadable: [title: string, path: string, code: string, message: RegExp][] = [
      ['a missing file', 'no/such.csv', 'E_INPUT_NOT_FOUND', /no\/such\.csv/],
      ['a folder', 'examples', 'E_INPUT_NOT_FOUND', /examples/],
      [
        'an object that cannot be fetched',
        's3://bucket/data.csv',
        'E_INPUT_NOT_FOUND',
        /s3:\/\/bucket/,
      ],
    ];

    test.each(unreadable)('row 35: %s', async (_, path, code, message) => {
      const { exitCode, error, deployment } = await home.run(PIPELINE, '-p', `data_path=${path}`);

      expect({ exitCode, code: error?.code }).toEqual({ exitCode: 1, code });
      expect(`${error?.message} ${error?.where}`).toMatch(message);
      expect(deployment).toBeUndefined();
    });

    test('rows 42, 44, 48, 49: empty cells, text, repeats and idle columns are warnings', async () => {
      const csv = withColumn('id', (row) => `c${row}`)
        .replace('id,minutes', 'idle,id,minutes')
        .replaceAll(/^c/gm, 'same,c')
        .replace('0.5,a', ',a');

      const { status, tasks } = await run(csv, 'suspicious');

      const preprocess = tasks.find(({ name }) => name === 'preprocess');
      const warnings = preprocess?.outputs?.artifacts['data_report']?.[0]?.metadata['warnings'];
      expect(status).toBe('succeeded');
      expect(warnings).toEqual([
        "Column 'idle' is constant: 'same' in every row.",
        "Column 'id' has a different value in each row, as an identifier has.",
        "Column 'minutes' has no value in 1 rows.",
      ]);
    });

    test('a refusal is one paragraph, and has a stack with --debug only', async () => {
      const path = join(home.folder, 'paragraph.csv');
      writeFileSync(path, table(HEADER, []));
      const command = ['run', PIPELINE, '-p', `data_path=${path}`, '--quiet'];

      const plain = await home.call(...command);
      const debug = await home.call(...command, '--debug');

      expect(plain.exitCode).toBe(1);
      expect(plain.stderr).toMatch(
        /^E_DATA Task "preprocess": The file has a header line and 0 rows\..*\n→ .+$/,
      );
      expect(plain.stderr).not.toMatch(STACK_LINE);
      expect(debug.stderr).toMatch(STACK_LINE);
    });

    test('row 52: a model that nobody evaluated is not deployed', async () => {
      const model = join(home.folder, 'model');
      mkdirSync(model);
      writeFileSync(join(model, 'model.skops'), 'no model');
      const file = join(home.folder, 'deploy.json');
      writeFileSync(file, JSON.stringify(deployOfImportedModel(model)));

      const { exitCode, error, deployment } = await home.run(file);

      expect(exitCode).toBe(1);
      expect(error).toMatchObject({ code: 'E_DEPLOY_REFUSED', task: 'deploy-model' });
      expect(deployment?.status).not.toBe('promoted');
    });
  },
);
