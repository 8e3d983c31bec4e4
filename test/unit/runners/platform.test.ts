// Platform settings on real processes: variables by file, folders by mounts.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { platformSettings } from '../../../src/ir/platform/index.js';
import type { KubernetesExecutorConfigJson } from '../../../src/ir/index.js';
import { shell } from './support/kfp-component.js';
import { openBench, rejection, type Bench } from './support/runner-bench.js';
import { missingPython } from './support/test-python.js';

const component = {
  outputDefinitions: { parameters: { Output: { parameterType: 'STRING' } } },
} as const;
const SECRET = 'correct horse battery staple';

describe.skipIf(missingPython())('platform settings of a task', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    mkdirSync(path.join(bench.folder, 'secrets/login'), { recursive: true });
    writeFileSync(path.join(bench.folder, 'secrets/login/password'), SECRET);
  });
  afterAll(() => bench.close());

  const run = (script: string, config: KubernetesExecutorConfigJson, names: object, run?: string) =>
    bench.execute({
      container: shell(`${script} > "$0"`, "{{$.outputs.parameters['Output'].output_file}}"),
      component,
      platform: platformSettings(config, names as Record<string, string>),
      run,
    });
  const check = (config: KubernetesExecutorConfigJson, names: object) =>
    bench.runner.check({
      component: 'use-it',
      image: 'alpine',
      command: ['true'],
      args: [],
      platform: platformSettings(config, names as Record<string, string>),
    });
  const asVariable = {
    secretAsEnv: [{ keyToEnv: [{ secretKey: 'password', envVar: 'PASSWORD' }] }],
  };
  const asVolume = { secretAsVolume: [{ mountPath: '/anneal-test/secret' }] };

  test('a secret becomes a variable, and no other file holds its value', async () => {
    const { outputs } = await run(
      'printf "%s" "$PASSWORD" | wc -c | tr -d " \\n"',
      asVariable,
      { 'secretAsEnv[0]': 'login' },
      'with-secret',
    );

    const request = path.join(bench.attemptFolder('with-secret'), '_execution/request.json');
    expect(outputs.parameters['Output']).toBe(String(SECRET.length));
    expect(existsSync(request)).toBe(true);
    expect(readFileSync(request, 'utf8')).not.toContain(SECRET);
  });

  test('a secret that is missing is refused before the run, with task and key', async () => {
    const error = await rejection(check(asVariable, { 'secretAsEnv[0]': 'nothing' }));

    expect(error.code).toBe('E_SECRET');
    expect(error.message).toMatch(/use-it.*nothing.*password.*secretAsEnv\[0\]/);
  });

  test('a name that leads elsewhere is refused', async () => {
    const error = await rejection(check(asVariable, { 'secretAsEnv[0]': '../volumes' }));

    expect(error.code).toBe('E_UNSUPPORTED');
  });

  test('an optional secret that is missing leaves its variable unset', async () => {
    const optional = { secretAsEnv: [{ ...asVariable.secretAsEnv[0]!, optional: true }] };

    const { outputs } = await run('printf "%s" "${PASSWORD-unset}"', optional, {
      'secretAsEnv[0]': 'nothing',
    });

    expect(outputs.parameters['Output']).toBe('unset');
  });

  test('a secret is a folder at its path, which the task cannot change', async () => {
    const script =
      'cat /anneal-test/secret/password; echo x 2>/dev/null > /anneal-test/secret/new || printf " (read only)"';

    const { outputs } = await run(`{ ${script}; }`, asVolume, { 'secretAsVolume[0]': 'login' });

    expect(outputs.parameters['Output']).toBe(`${SECRET} (read only)`);
    expect(existsSync('/anneal-test')).toBe(false);
  });

  test('a volume keeps what tasks write, and nobody else sees it at that path', async () => {
    const config = { pvcMount: [{ mountPath: '/anneal-test/disk', subPath: 'below' }] };
    const names = { 'pvcMount[0]': 'shared' };

    await run('{ echo kept > /anneal-test/disk/file; }', config, names);
    const { outputs } = await run('cat /anneal-test/disk/file', config, names);

    expect(outputs.parameters['Output']).toBe('kept\n');
    expect(readFileSync(path.join(bench.folder, 'volumes/shared/below/file'), 'utf8')).toBe(
      'kept\n',
    );
    expect(existsSync('/anneal-test')).toBe(false);
  });

  test('an empty folder is gone after the task', async () => {
    const config = { emptyDirMounts: [{ volumeName: 'cache', mountPath: '/anneal-test/cache' }] };
    const script = 'ls /anneal-test/cache | wc -l | tr -d " \\n"; touch /anneal-test/cache/x';

    await run(`{ ${script}; }`, config, {});
    const { outputs } = await run(`{ ${script}; }`, config, {});

    expect(outputs.parameters['Output']).toBe('0');
  });

  test('labels, annotations and facts of the task become variables; absent ones are empty', async () => {
    const config = {
      podMetadata: { labels: { team: 'blue' } },
      fieldPathAsEnv: [
        { name: 'TEAM', fieldPath: "metadata.labels['team']" },
        { name: 'NOTE', fieldPath: "metadata.annotations['note']" },
        { name: 'SPACE', fieldPath: 'metadata.namespace' },
      ],
    };

    const { outputs } = await run('printf "%s/%s/%s" "$TEAM" "${NOTE-unset}" "$SPACE"', config, {});

    expect(outputs.parameters['Output']).toBe('blue//default');
  });

  test('a fact that a process does not have is refused before the run', async () => {
    const error = await rejection(
      check({ fieldPathAsEnv: [{ name: 'X', fieldPath: 'status.phase' }] }, {}),
    );

    expect(error).toMatchObject({ code: 'E_UNSUPPORTED' });
    expect(error.message).toContain('fieldPathAsEnv[0]');
  });

  test('volume tasks make and remove folders, and a second try finds the same volume', async () => {
    const make = () =>
      bench.execute({
        container: { image: 'argostub/createpvc', command: [], args: [] },
        component: { outputDefinitions: { parameters: { name: { parameterType: 'STRING' } } } },
        inputs: { parameters: { pvc_name_suffix: '-mine' } },
        run: 'volumes',
      });

    const [first, second] = [await make(), await make()];
    const name = first.outputs.parameters['name'] as string;
    const folder = path.join(bench.folder, 'volumes', name);
    const made = existsSync(folder);
    await bench.execute({
      container: { image: 'argostub/deletepvc', command: [], args: [] },
      inputs: { parameters: { pvc_name: name } },
    });

    expect(name).toMatch(/^[0-9a-f]{32}-mine$/);
    expect(second.outputs).toEqual(first.outputs);
    expect([made, existsSync(folder)]).toEqual([true, false]);
  });
});
