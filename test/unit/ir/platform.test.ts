import { describe, expect, test } from 'vitest';
import { platformNames, platformSettings, workspaceMount } from '../../../src/ir/platform/index.js';
import type { KubernetesExecutorConfigJson } from '../../../src/ir/index.js';

describe('names in platform settings', () => {
  test('deprecated fields are read as the references they stood for', () => {
    const config: KubernetesExecutorConfigJson = {
      secretAsEnv: [{ secretName: 'old' }],
      pvcMount: [
        { constant: 'disk', mountPath: '/a' },
        { componentInputParameter: 'pipelinechannel--disk', mountPath: '/b' },
        { taskOutputParameter: { producerTask: 'make', outputParameterKey: 'name' } },
      ],
    };

    expect(platformNames(config)).toEqual({
      'secretAsEnv[0]': { runtimeValue: { constant: 'old' } },
      'pvcMount[0]': { runtimeValue: { constant: 'disk' } },
      'pvcMount[1]': { componentInputParameter: 'pipelinechannel--disk' },
      'pvcMount[2]': {
        taskOutputParameter: { producerTask: 'make', outputParameterKey: 'name' },
      },
    });
  });

  test('the present form goes before the deprecated one', () => {
    const now = { componentInputParameter: 'secret' };

    const names = platformNames({
      secretAsVolume: [{ secretName: 'old', secretNameParameter: now }],
    });

    expect(names).toEqual({ 'secretAsVolume[0]': now });
  });
});

describe('platform settings', () => {
  const config: KubernetesExecutorConfigJson = {
    secretAsEnv: [{ keyToEnv: [{ secretKey: 'k', envVar: 'V' }], optional: true }],
    configMapAsVolume: [{ mountPath: '/etc/settings' }],
    emptyDirMounts: [{ volumeName: 'cache', mountPath: '/cache' }],
    activeDeadlineSeconds: '30',
  };

  test('a name that has no value leaves its setting out', () => {
    const { variables, mounts } = platformSettings(config, {});

    expect(variables).toEqual([]);
    expect(mounts.map(({ name }) => name)).toEqual(['cache']);
  });

  test('names decide which objects are meant', () => {
    const settings = platformSettings(config, {
      'secretAsEnv[0]': 'password',
      'configMapAsVolume[0]': 'settings',
    });

    expect(settings.variables).toEqual([
      {
        where: 'secretAsEnv[0]',
        variable: 'V',
        kind: 'secret',
        name: 'password',
        key: 'k',
        optional: true,
      },
    ]);
    expect(settings.mounts[0]).toMatchObject({ kind: 'config map', mountPath: '/etc/settings' });
    expect(settings.timeoutSeconds).toBe(30);
  });

  test('a task gets the workspace when a parameter holds its path', () => {
    expect(workspaceMount({ folder: 'x/kfp-workspace/data' })?.mountPath).toBe('/kfp-workspace');
    expect(workspaceMount({ folder: '/data', count: 3 })).toBeUndefined();
  });
});
