// The parts of the docker runner that need no daemon.

import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkLeftovers } from '../../../../src/runners/docker/check-leftovers.js';
import {
  installSettings,
  variablesScript,
} from '../../../../src/runners/docker/container-environment.js';
import { registryOf, withTag, withTasksImage } from '../../../../src/runners/docker/image-name.js';
import { LogFrames } from '../../../../src/runners/docker/log-frames.js';
import { networkFor } from '../../../../src/runners/docker/network-policy.js';
import { registryAuth } from '../../../../src/runners/docker/registry-auth.js';
import { taskUser } from '../../../../src/runners/docker/task-user.js';
import { CappedLog } from '../../../../src/runners/task-end/capped-log.js';
import { lightweight, preamble } from '../support/kfp-component.js';
import { rejection } from '../support/runner-bench.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'anneal-parts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('network policy', () => {
  const plain = { image: 'i', command: ['sh', '-c', 'true'], args: [] };
  const installing = {
    image: 'i',
    command: ['sh', '-c', preamble('python3 -m pip install pandas'), ...lightweight('').command],
    args: [],
  };
  const asking = (wanted: string) => ({
    ...plain,
    platform: {
      ...{ variables: [], mounts: [], fields: [], labels: {} },
      annotations: { 'anneal/network': wanted },
    },
  });

  test.each([
    ['auto', plain, 'none'],
    ['auto', installing, 'bridge'],
    ['auto', asking('bridge'), 'bridge'],
    ['none', installing, 'none'],
    ['lab', plain, 'lab'],
    ['lab', asking('none'), 'none'],
  ] as const)('setting %s (N1, N2)', (setting, spec, network) => {
    expect(networkFor('t', setting, spec)).toBe(network);
  });

  test.each([
    ['none', 'bridge'],
    ['auto', 'host'],
    ['auto', 'container:other'],
  ])('setting %s refuses a task that asks for %s (N3)', (setting, wanted) => {
    expect(() => networkFor('t', setting, asking(wanted))).toThrow(/ANNEAL_DOCKER_NETWORK/);
  });
});

describe('the user of a container (U1, U2)', () => {
  const docker = { isRootless: false, remapsUsers: false };

  test('is the worker where that is not root, and never root of this machine', () => {
    expect(taskUser(docker, { uid: 1000, gid: 100 })).toMatchObject({
      inContainer: '1000:100',
      isOther: false,
    });
    expect(taskUser(docker, { uid: 0, gid: 0 })).toMatchObject({
      inContainer: '65534:65534',
      isOther: true,
    });
  });

  test('of a rootless daemon is the one that is the worker outside', () => {
    const rootless = { ...docker, isRootless: true };

    expect(taskUser(rootless, { uid: 1000, gid: 100 }).inContainer).toBe('0:0');
  });
});

describe('image names', () => {
  test('a registry is a host, and a pull names one tag', () => {
    expect(
      ['python:3.11', 'me/x', 'localhost/x', 'r.example.com:5000/a/b:1'].map(registryOf),
    ).toEqual(['docker.io', 'docker.io', 'localhost', 'r.example.com:5000']);
    expect(['a/b', 'r:5000/b', 'b:1', 'b@sha256:0'].map(withTag)).toEqual([
      'a/b:latest',
      'r:5000/b:latest',
      'b:1',
      'b@sha256:0',
    ]);
  });

  test('only the image of this project is replaced by the setting', () => {
    expect(withTasksImage('anneal-tasks:0.1.0', 'r/tasks:2')).toBe('r/tasks:2');
    expect(withTasksImage('me/anneal-tasks:1', 'r/tasks:2')).toBe('me/anneal-tasks:1');
    expect(withTasksImage('anneal-tasks:0.1.0', undefined)).toBe('anneal-tasks:0.1.0');
  });
});

describe('credentials of a registry', () => {
  const variables = () => ({ DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` });

  test('are those of docker login, plain or from a helper', async () => {
    const auth = Buffer.from('me:secret').toString('base64');
    const file = { auths: { 'r.example.com': { auth } }, credHelpers: { 'h.example.com': 'fake' } };
    await writeFile(path.join(folder, 'config.json'), JSON.stringify(file));
    await writeFile(
      path.join(folder, 'docker-credential-fake'),
      '#!/bin/sh\nread name; echo "{\\"Username\\":\\"$name\\",\\"Secret\\":\\"token\\"}"\n',
    );
    await chmod(path.join(folder, 'docker-credential-fake'), 0o755);

    expect(await registryAuth('r.example.com/x:1', variables())).toMatchObject({
      username: 'me',
      password: 'secret',
    });
    expect(await registryAuth('h.example.com/x:1', variables())).toMatchObject({
      username: 'h.example.com',
      password: 'token',
    });
    expect(await registryAuth('python:3.11', variables())).toBeUndefined();
  });
});

describe('what a task that installs packages gets of the worker (V1)', () => {
  test('is the package index and nothing else; paths of this machine are left out', () => {
    const { variables } = installSettings({
      PIP_INDEX_URL: 'https://user:pass@index.example.com/simple',
      PIP_CACHE_DIR: '/home/me/.cache',
      HTTPS_PROXY: 'http://proxy:3128',
      AWS_SECRET_ACCESS_KEY: 'canary',
      HOME: '/home/me',
    });

    expect(variables).toMatchObject({
      PIP_INDEX_URL: 'https://user:pass@index.example.com/simple',
      HTTPS_PROXY: 'http://proxy:3128',
    });
    expect(Object.keys(variables)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/AWS|HOME|PIP_CACHE_DIR/)]),
    );
  });

  test('hidden variables keep quotes and line ends', () => {
    expect(variablesScript({ A: "it's\n$(x)", 'not a name': 'x' })).toBe(
      "export A='it'\\''s\n$(x)'\n",
    );
  });
});

describe('log frames (L1)', () => {
  test('give the bytes whatever the pieces they come in', () => {
    const frame = (text: string): Buffer => {
      const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, text.length]);
      return Buffer.concat([header, Buffer.from(text)]);
    };
    const whole = Buffer.concat([frame('hello '), frame(''), frame('world')]);
    const frames = new LogFrames();

    const seen = [...whole].flatMap((byte) => [...frames.payloads(Buffer.from([byte]))]);

    expect(Buffer.concat(seen).toString()).toBe('hello world');
    expect(Buffer.concat([...new LogFrames().payloads(whole)]).toString()).toBe('hello world');
  });
});

describe('capped log', () => {
  const file = (): string => path.join(folder, 'log.txt');

  test('keeps a short log as it is', async () => {
    const log = await CappedLog.open(file(), folder, 100);
    await log.write(Buffer.from('short'));
    await log.close();

    expect(await readFile(file(), 'utf8')).toBe('short');
  });

  test.each([1, 7, 25, 1000])(
    'keeps head and tail of a long one, in pieces of %d bytes (L1, L2)',
    async (size) => {
      const text = Buffer.from(Array.from({ length: 500 }, (_, index) => `${index}\n`).join(''));
      const log = await CappedLog.open(file(), folder, 100);
      for (let at = 0; at < text.length; at += size) await log.write(text.subarray(at, at + size));
      await log.close();

      const kept = await readFile(file(), 'utf8');
      const marker = `\n[anneal: ${text.length - 100} bytes of log left out here]\n`;
      expect(kept).toBe(
        `${text.toString('utf8', 0, 50)}${marker}${text.toString('utf8', text.length - 50)}`,
      );
    },
  );
});

describe('leftovers of a container', () => {
  const own = (name: string): string => path.join(folder, 'task', name);
  const check = (): Promise<void> => checkLeftovers(own(''), '/anneal/task');
  beforeEach(() => mkdir(own('')));

  test('a link that leads out by way of another one is refused (L1)', async () => {
    await mkdir(own('a/b'), { recursive: true });
    await symlink('../..', own('a/b/up'));
    await symlink('a/b/up/../etc', own('out'));
    await mkdir(path.join(folder, 'etc'), { recursive: true });

    const error = await rejection(check());

    expect(error.code).toBe('E_TASK_OUTPUT');
  });

  test('a link that names the folder as the container saw it names it here (L3)', async () => {
    await writeFile(own('real'), 'x');
    await symlink('/anneal/task/real', own('link'));

    await check();

    expect(await readlink(own('link'))).toBe('real');
  });

  test('a link to nothing is removed', async () => {
    await symlink('nowhere', own('link'));

    await check();

    await expect(readlink(own('link'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
