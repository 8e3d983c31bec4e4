import { existsSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readCodeSource } from '../../../src/client/read-code-source.js';
import { GitTree } from '../../support/git-tree.js';

describe('the source of a pipeline file', () => {
  let tree: GitTree;
  let file: string;
  beforeEach(() => {
    tree = new GitTree();
    tree.write('.gitignore', 'build/\n');
    file = tree.write('pipelines/train.yaml', 'one');
  });

  test('is the commit of its work tree, and its place in it', async () => {
    const commit = tree.commit();

    expect(await readCodeSource(file)).toEqual({
      commit,
      dirty: false,
      path: 'pipelines/train.yaml',
    });
  });

  test('is dirty when a tracked file of the tree has changed', async () => {
    const other = tree.write('other.py', 'one');
    tree.commit();
    tree.write('other.py', 'two');

    expect(await readCodeSource(file)).toMatchObject({ dirty: true });
    expect(await readCodeSource(other)).toMatchObject({ dirty: true });
  });

  test.each(['new.yaml', 'build/ignored.yaml'])(
    'is dirty when the file itself, %s, is not in the commit',
    async (name) => {
      tree.commit();

      expect(await readCodeSource(tree.write(name, 'new'))).toMatchObject({
        dirty: true,
        path: name,
      });
      expect(await readCodeSource(file)).toMatchObject({ dirty: false });
    },
  );

  test.each([
    ['https://ada:secret@example.com/a/b.git?token=secret', 'https://example.com/a/b.git'],
    ['ssh://git@example.com/a/b.git', 'ssh://example.com/a/b.git'],
    ['git@example.com:a/b.git', 'git@example.com:a/b.git'],
  ])('names the remote %s without credentials (G3)', async (remote, repository) => {
    tree.commit();
    tree.git('remote', 'add', 'origin', remote);

    expect(await readCodeSource(file)).toMatchObject({ repository });
  });

  test('is not known before the first commit (G1)', async () => {
    expect(await readCodeSource(file)).toBeUndefined();
  });

  test('is not known outside a work tree, and where there is no folder (G1)', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'anneal-no-git-'));

    expect(await readCodeSource(path.join(folder, 'train.yaml'))).toBeUndefined();
    expect(await readCodeSource(path.join(folder, 'missing', 'train.yaml'))).toBeUndefined();
  });

  test('is not known on a machine without git (G1)', async () => {
    tree.commit();

    expect(await readCodeSource(file, { PATH: tree.folder })).toBeUndefined();
  });

  test('is that of the file, whatever GIT_DIR says (G2)', async () => {
    const commit = tree.commit();
    const other = new GitTree();
    const GIT_DIR = path.join(other.folder, '.git');

    expect(await readCodeSource(file, { ...process.env, GIT_DIR })).toMatchObject({ commit });
  });

  test('is read without starting what the tree has set to watch its files (G2)', async () => {
    tree.commit();
    const watcher = tree.write('build/watcher', '#!/bin/sh\ntouch "$(dirname "$0")/started"\n');
    tree.git('config', 'core.fsmonitor', `sh ${watcher}`);

    await readCodeSource(file);

    expect(existsSync(path.join(tree.folder, 'build/started'))).toBe(false);
  });
});
