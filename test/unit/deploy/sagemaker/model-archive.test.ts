import { execFileSync } from 'node:child_process';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveModel } from '../../../../src/deploy/sagemaker/archive-model.js';
import { packModel, verifyModel } from '../../../../src/deploy/sagemaker/model-archive.js';
import { digestContent } from '../../../../src/storage/local/index.js';

let root: string;
let model: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'anneal-archive-test-'));
  model = join(root, 'model');
  await mkdir(join(model, 'nested'), { recursive: true });
  await writeFile(join(model, 'model.json'), '{}');
  await writeFile(join(model, 'nested', 'weights'), Buffer.alloc(100_000, 7));
});
afterEach(() => rm(root, { recursive: true }));

const digestOf = async (path: string): Promise<string> =>
  (await digestContent(path))!.content.digest;
const packed = async (name: string, path = model): Promise<string> => {
  await packModel(await verifyModel(path, await digestOf(path)), join(root, name));
  return join(root, name);
};

describe('an archive', () => {
  it('packs equal models into equal bytes, whatever their times and modes (A2)', async () => {
    const copy = join(root, 'copy');
    await cp(model, copy, { recursive: true });
    await utimes(join(copy, 'model.json'), 1, 1);
    await chmod(join(copy, 'model.json'), 0o600);

    const [first, second] = [await packed('1.tar.gz'), await packed('2.tar.gz', copy)];

    expect((await readFile(first)).equals(await readFile(second))).toBe(true);
  });

  it('unpacks, by the system tar, to a folder of the same digest', async () => {
    const archive = await packed('model.tar.gz');
    const unpacked = join(root, 'unpacked');
    await mkdir(unpacked);

    execFileSync('tar', ['-xzf', archive, '-C', unpacked]);

    expect(await digestOf(unpacked)).toBe(await digestOf(model));
  });

  it('packs a single file under its own name, and says it', async () => {
    const file = join(root, 'model.pkl');
    await writeFile(file, 'bytes');

    const verified = await verifyModel(file, await digestOf(file));
    await packModel(verified, join(root, 'a.tar.gz'));

    expect(verified.fileName).toBe('model.pkl');
    const listed = execFileSync('tar', ['-tzf', join(root, 'a.tar.gz')], { encoding: 'utf8' });
    expect(listed).toBe('model.pkl\n');
  });

  it('refuses bytes that are not the recorded ones (A3)', async () => {
    const recorded = await digestOf(model);
    await writeFile(join(model, 'model.json'), '{"swapped":true}');

    await expect(verifyModel(model, recorded)).rejects.toMatchObject({ code: 'E_ARTIFACT' });
  });

  it.each([
    ['missing', async () => rm(model, { recursive: true })],
    ['an empty folder', async () => rm(model, { recursive: true }).then(() => mkdir(model))],
    ['an empty file', async () => rm(model, { recursive: true }).then(() => writeFile(model, ''))],
    ['linked out of its folder', async () => symlink('/etc/passwd', join(model, 'link'))],
  ])('refuses a model that is %s', async (_, damage) => {
    await damage();
    const digest = await digestOf(model).catch(() => 'sha256:none');

    await expect(verifyModel(model, digest)).rejects.toMatchObject({ code: 'E_ARTIFACT' });
  });
});

describe('a model whose archive is in the bucket', () => {
  const uri = 's3://models/known/model.tar.gz';
  const progress: string[] = [];
  const upload = () => Promise.resolve(uri);
  const archive = (digest: string) =>
    archiveModel({ path: model, digest }, upload, {
      signal: new AbortController().signal,
      progress: (state) => progress.push(state),
    });

  it('is not packed again (A4)', async () => {
    expect(await archive(await digestOf(model))).toEqual({ uri });
    expect(progress).toEqual([]);
  });

  it('is checked all the same (A3)', async () => {
    const recorded = await digestOf(model);
    await writeFile(join(model, 'model.json'), '{"swapped":true}');

    await expect(archive(recorded)).rejects.toMatchObject({ code: 'E_ARTIFACT' });
  });
});
