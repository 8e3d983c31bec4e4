import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { planLaunch } from '../../../src/runners/process/plan-launch.js';
import { readImageRules } from '../../../src/runners/process/read-image-rules.js';
import type { ImageRule } from '../../../src/runners/process/image-rules.js';

const basePython = '/python/bin/python';
const plan = (image: string, command: string[], imageRules: ImageRule[] = []) =>
  planLaunch({ image, command, args: [] }, { basePython, imageRules });

describe("the user's rules for images", () => {
  test('a rule lets the programs of this machine stand in for an unknown image', async () => {
    const rules = [{ image: 'acme/*', use: 'host' } as const];

    const { program } = await plan('acme/tools:1', ['sh', '-c', 'true'], rules);

    expect(program).toEqual({ kind: 'command', argv: ['sh', '-c', 'true'] });
    await expect(plan('other/tools:1', ['sh', '-c', 'true'], rules)).rejects.toMatchObject({
      code: 'E_IMAGE',
    });
  });

  test('a rule refuses an image that would otherwise be stood in for', async () => {
    const rules = [{ image: 'alpine:*', use: 'refuse' } as const];

    await expect(plan('alpine:3', ['true'], rules)).rejects.toMatchObject({ code: 'E_IMAGE' });
  });

  test('the first rule that fits decides, and a pattern fits the whole reference only', async () => {
    const rules: ImageRule[] = [
      { image: 'acme/tool', use: 'refuse' },
      { image: 'acme/tool*', use: 'host' },
    ];

    await expect(plan('acme/tool', ['true'], rules)).rejects.toMatchObject({ code: 'E_IMAGE' });
    await expect(plan('acme/tool:2', ['true'], rules)).resolves.toBeDefined();
    await expect(plan('x/acme/tool:2', ['true'], rules)).rejects.toMatchObject({ code: 'E_IMAGE' });
  });

  test('a rule names an environment that has the code of an image', async () => {
    const rules = [{ image: 'acme/train', python: '/envs/train/bin/python' }];
    const command = ['python3', '-m', 'kfp.dsl.executor_main'];

    const { python } = await plan('acme/train', command, rules);

    expect(python).toBe('/envs/train/bin/python');
  });

  test("packages of a rule come before the component's own", async () => {
    const rules = [{ image: 'acme/train', requirements: ['acme-train==1'] }];

    const { install } = await plan('acme/train', ['train-now'], rules);

    expect(install.map(({ requirements }) => requirements)).toEqual([['acme-train==1']]);
  });
});

test('sh of an image whose shell is bash or busybox is bash', async () => {
  const script = ['sh', '-ec', '[[ one == one ]]'];

  const argvOf = async (image: string) => (await plan(image, script)).program;

  expect(await argvOf('ghcr.example/busybox')).toMatchObject({
    argv: ['bash', ...script.slice(1)],
  });
  expect(await argvOf('ubi9/python-311')).toMatchObject({ argv: ['bash', ...script.slice(1)] });
  expect(await argvOf('debian:12')).toMatchObject({ argv: script });
});

describe('the rule file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-images-'));
  const file = path.join(folder, 'images.yaml');
  afterEach(() => rmSync(file, { force: true }));

  test('there are no rules without a file', () => {
    expect(readImageRules(file)).toEqual([]);
  });

  test('a relative Python starts at the folder of the file', () => {
    writeFileSync(file, '- image: acme/train\n  python: env/bin/python\n');

    expect(readImageRules(file)).toEqual([
      { image: 'acme/train', python: path.join(folder, 'env/bin/python') },
    ]);
  });

  test.each([
    ['an unknown key', '- image: a\n  imageName: b\n'],
    ['no list', 'image: a\n'],
    ['no YAML', '- image: [\n'],
  ])('%s is refused with the file', (_, text) => {
    writeFileSync(file, text);

    expect(() => readImageRules(file)).toThrow(
      expect.objectContaining({ code: 'E_CONFIG', where: file }) as Error,
    );
  });
});
