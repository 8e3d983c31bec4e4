import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSettings } from '../../../src/config/index.js';
import { NEEDS, ServiceHarness, TEST_PYTHON } from './service-harness.js';

let harness: ServiceHarness;

beforeEach(() => {
  harness = new ServiceHarness();
});

afterEach(() => harness.dispose());

/** A database that a real server has written, without the journal of a change that was cut off. */
async function makeDatabase(): Promise<string> {
  const lease = await harness.open({ needWorkers: false });
  await lease.close();
  rmSync(`${harness.paths.database}-journal`, { force: true });
  return harness.paths.database;
}

function writeWorker(source: string): string {
  mkdirSync(harness.home, { recursive: true });
  const script = path.join(harness.home, 'worker.mjs');
  writeFileSync(script, source);
  return script;
}

describe.skipIf(TEST_PYTHON === undefined)(`the embedded service refuses, ${NEEDS}`, () => {
  test('a database that was cut short, and leaves it as it is', async () => {
    const database = await makeDatabase();
    truncateSync(database, 300_000);
    const bytes = readFileSync(database);

    const opening = harness.open();

    await expect(opening).rejects.toMatchObject({
      code: 'E_ENVIRONMENT',
      message: expect.stringMatching(/database is damaged: it has 300000 of \d+ bytes/) as unknown,
      hint: expect.stringContaining(`mv ${database}`) as unknown,
    });
    expect(readFileSync(database).equals(bytes)).toBe(true);
  });

  test('a database that is something else', async () => {
    const database = await makeDatabase();
    writeFileSync(database, 'not a database at all');

    await expect(harness.open()).rejects.toThrow('it is not an SQLite database');
  });

  test('a database that is damaged inside, in the words of the server', async () => {
    const database = await makeDatabase();
    const bytes = readFileSync(database);
    bytes.fill(0xff, 4096 * 3, 4096 * 100);
    writeFileSync(database, bytes);

    await expect(harness.open()).rejects.toThrow('the server says "malformed"');
  });

  test('a worker that does not stay up, with its last words', async () => {
    const script = writeWorker('console.error("no bundle"); process.exit(1);');

    await expect(harness.open({ workerScript: script })).rejects.toMatchObject({
      code: 'E_ENVIRONMENT',
      message: expect.stringContaining('no bundle') as unknown,
    });
    expect(harness.leftovers()).toEqual([]);
  });

  test('workers that were started with another store', async () => {
    await harness.open();
    const settings = loadSettings({
      ANNEAL_HOME: harness.home,
      ANNEAL_PYTHON_ENV: TEST_PYTHON,
      ANNEAL_STORE: '/somewhere/else',
    });

    await expect(harness.open({ settings })).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining('/somewhere/else here') as unknown,
    });
  });
});
