import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSettings, readConfigFile } from '../../../src/config/index.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
const load = async (variables: NodeJS.ProcessEnv = {}, cwd = folder) =>
  loadSettings(
    { HOME: folder, XDG_CONFIG_HOME: folder, ...variables },
    { cwd, config: await readConfigFile(cwd) },
  );

describe('anneal.config', () => {
  test.each([
    [
      'anneal.config.ts',
      'const seconds: number = 7;\nexport default { heartbeatSeconds: seconds };',
    ],
    ['anneal.config.mjs', 'export default { heartbeatSeconds: 7 };'],
    ['anneal.config.json', '{ "heartbeatSeconds": 7 }'],
  ])('is read from %s', async (name, text) => {
    write(name, text);

    expect((await load()).heartbeatSeconds).toBe(7);
  });

  test('gives way to the environment (F1)', async () => {
    write('anneal.config.json', '{ "heartbeatSeconds": 7, "debug": true }');

    const settings = await load({ ANNEAL_HEARTBEAT_SECONDS: '9' });

    expect(settings).toMatchObject({ heartbeatSeconds: 9, debug: true });
  });

  test('of a parent folder counts, and its relative paths start there (F2)', async () => {
    write('anneal.config.json', '{ "store": "artifacts", "importRoots": ["a", "b"] }');
    const below = path.join(folder, 'pipelines', 'churn');
    mkdirSync(below, { recursive: true });

    const settings = await load({}, below);

    expect(settings).toMatchObject({
      home: path.join(folder, '.anneal'),
      store: path.join(folder, 'artifacts'),
      importRoots: [path.join(folder, 'a'), path.join(folder, 'b')],
    });
  });

  test('with a relative path in the environment: that one starts at the working directory', async () => {
    write('anneal.config.json', '{ "store": "artifacts" }');
    const below = path.join(folder, 'below');
    mkdirSync(below);

    expect((await load({ ANNEAL_STORE: 'mine' }, below)).store).toBe(path.join(below, 'mine'));
  });
});

describe('an anneal.config that cannot be used is refused', () => {
  test.each([
    ['a key that nothing reads', '{ "heartbeatSecond": 7 }', 'Did you mean heartbeatSeconds?'],
    ['a setting of tests only', '{ "seed": 1 }', 'Remove it, or use one of:'],
    ['no object', '[]', 'Correct the file'],
    ['broken JSON', '{', 'Correct the file'],
  ])('%s', async (_, text, hint) => {
    write('anneal.config.json', text);

    await expect(readConfigFile(folder)).rejects.toMatchObject({
      code: 'E_CONFIG',
      hint: expect.stringContaining(hint) as string,
    });
  });

  test('a wrong value, naming file and key', async () => {
    write('anneal.config.json', '{ "runner": "cloud" }');

    await expect(load()).rejects.toMatchObject({
      code: 'E_CONFIG',
      where: `${path.join(folder, 'anneal.config.json')}: runner`,
    });
  });
});
