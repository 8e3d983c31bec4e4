// The Job of one execution (J1 to J3), its volumes (V1, V2), users (S1, S2) and resources (R1, R2).

import { describe, expect, test } from 'vitest';
import { platformSettings } from '../../../../src/ir/platform/index.js';
import { buildJob } from '../../../../src/runners/kubernetes/build-job.js';
import { checkObject } from '../../../fakes/kubernetes/index.js';
import { launchSpec, options } from './launch-spec.js';

type Changes = Parameters<typeof launchSpec>[0];

const podOf = (changes: Changes = {}, own = {}) =>
  buildJob(launchSpec(changes), options(own)).spec!.template.spec!;
const taskOf = (changes: Changes = {}, own = {}) => podOf(changes, own).initContainers![1]!;

const EVERYTHING = platformSettings(
  {
    secretAsEnv: [{ keyToEnv: [{ secretKey: 'k', envVar: 'TOKEN' }] }],
    secretAsVolume: [{ mountPath: '/secrets', optional: true }],
    configMapAsEnv: [{ keyToEnv: [{ configMapKey: 'k', envVar: 'MODE' }] }],
    configMapAsVolume: [{ mountPath: '/config' }],
    pvcMount: [{ mountPath: '/data', subPath: 'sub' }],
    fieldPathAsEnv: [{ name: 'POD', fieldPath: 'metadata.name' }],
    emptyDirMounts: [
      { volumeName: 'scratch', mountPath: '/scratch', medium: 'Memory', sizeLimit: '1Gi' },
    ],
    genericEphemeralVolume: [
      {
        volumeName: 'big',
        mountPath: '/big',
        accessModes: ['ReadWriteOnce'],
        size: '5Gi',
        storageClassName: 'fast',
      },
    ],
    enabledSharedMemory: { volumeName: 'shm', size: '2Gi' },
    nodeSelector: { labels: { disk: 'ssd' } },
    tolerations: [
      { key: 'gpu', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: '60' },
    ],
    nodeAffinity: [
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] },
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }], weight: 10 },
    ],
    podAffinity: [
      { matchPodLabels: { app: 'x' }, topologyKey: 'zone' },
      { matchPodLabels: { app: 'y' }, topologyKey: 'host', anti: true, weight: 5 },
    ],
    podMetadata: { labels: { team: 'ml' }, annotations: { note: 'x' } },
    imagePullSecret: [{}],
    imagePullPolicy: 'Always',
    securityContext: { runAsUser: '1000', runAsGroup: '2000' },
  },
  {
    'secretAsEnv[0]': 'token',
    'secretAsVolume[0]': 'files',
    'configMapAsEnv[0]': 'mode',
    'configMapAsVolume[0]': 'settings',
    'pvcMount[0]': 'claim',
    'imagePullSecret[0]': 'registry',
  },
);

describe('the Job', () => {
  test.each([
    ['plain', {}],
    ['with every platform setting', { platform: EVERYTHING }],
    [
      'with resources',
      {
        resources: {
          memoryBytes: 2 ** 30,
          cpus: 0.5,
          accelerator: { type: 'nvidia.com/gpu', count: 1 },
        },
      },
    ],
  ])('%s fits the published schema', (_, changes) => {
    const job = buildJob(
      launchSpec(changes),
      options({ storeSecret: 'keys', serviceAccount: 'tasks' }),
    );

    expect(checkObject('V1Job', JSON.parse(JSON.stringify(job)))).toEqual([]);
  });

  test('has a name that follows from the attempt alone, and fits a DNS label with a suffix', () => {
    const name = (changes: Changes): string =>
      buildJob(launchSpec(changes), options()).metadata!.name!;

    expect(name({})).toBe(name({ image: 'other' }));
    expect(name({})).not.toBe(name({ stagingUri: 's3://bucket/project/runs/run-1/train/2' }));
    expect(name({ id: { runId: 'r', task: `${'Über/'.repeat(40)}!`, attempt: 1 } })).toMatch(
      /^anneal(-[a-z0-9]+)+$/,
    );
    expect(name({}).length).toBeLessThanOrEqual(57);
  });

  test('makes one pod, never a second, and keeps the reason why the cluster took it away (J2, J3)', () => {
    const { spec } = buildJob(launchSpec({ timeoutSeconds: 1.5 }), options());

    expect(spec).toMatchObject({
      backoffLimit: 0,
      podReplacementPolicy: 'Failed',
      activeDeadlineSeconds: 2,
    });
    expect(spec!.podFailurePolicy!.rules[0]).toEqual({
      action: 'FailJob',
      onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
    });
  });

  test('runs the image with its own command between two containers of ours (J1)', () => {
    const { initContainers, containers } = podOf({ args: ['$(HOME) $$'] });

    const [fetch, task] = initContainers!;
    expect([fetch!.name, task!.name, containers[0]!.name]).toEqual(['fetch', 'task', 'store']);
    expect(task).toMatchObject({ image: 'python:3.11', command: ['python3', '-c'] });
    expect(task!.args).toEqual(['$$(HOME) $$$$']); // Kubernetes reads "$$" as "$"
  });

  test('takes the shipped components from the image that the worker knows', () => {
    expect(taskOf({ image: 'anneal-tasks:0.1.0' }).image).toBe('registry.test/anneal-tasks:1');
    expect(taskOf({ image: 'other/anneal-tasks:1' }).image).toBe('other/anneal-tasks:1');
  });

  test('that a cluster would not take is refused before it is sent', () => {
    const long = 'x'.repeat(100_000);
    const code = (changes: Changes) => () => buildJob(launchSpec(changes), options());

    expect(code({ args: ['x'.repeat(131_072)] })).toThrow(
      expect.objectContaining({ code: 'E_VALUE_SIZE' }),
    );
    expect(code({ args: Array<string>(11).fill(long) })).toThrow(
      expect.objectContaining({ code: 'E_VALUE_SIZE' }),
    );
  });
});

describe('what the platform document asks for', () => {
  test('is in the pod, in the shape of the API', () => {
    const pod = podOf({ platform: EVERYTHING }, { pullSecrets: ['shared'] });

    expect(pod).toMatchObject({
      nodeSelector: { disk: 'ssd' },
      tolerations: [
        { key: 'gpu', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 60 },
      ],
      imagePullSecrets: [{ name: 'shared' }, { name: 'registry' }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] },
            ],
          },
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 5,
              podAffinityTerm: {
                topologyKey: 'host',
                labelSelector: { matchLabels: { app: 'y' } },
              },
            },
          ],
        },
      },
    });
  });

  test('is mounted into the task only, inputs read-only, secrets by name (V1, E2)', () => {
    const pod = podOf({ platform: EVERYTHING });
    const [fetch, task] = pod.initContainers!;

    const mounts = Object.fromEntries(task!.volumeMounts!.map((mount) => [mount.mountPath, mount]));
    expect(mounts['/anneal/inputs']).toMatchObject({ readOnly: true });
    expect(mounts['/secrets']).toMatchObject({ readOnly: true });
    expect(mounts['/data']).toMatchObject({ subPath: 'sub' });
    expect(Object.keys(mounts)).toEqual(
      expect.arrayContaining(['/config', '/scratch', '/big', '/dev/shm']),
    );
    expect(fetch!.volumeMounts!.map(({ mountPath }) => mountPath)).toEqual([
      '/anneal/inputs',
      '/anneal/task',
      '/tmp',
    ]);
    expect(task!.env).toContainEqual({
      name: 'TOKEN',
      valueFrom: { secretKeyRef: { name: 'token', key: 'k', optional: false } },
    });
  });

  test('may be given whole as JSON by the run', () => {
    const platform = platformSettings(
      {
        nodeSelector: { nodeSelectorJson: { componentInputParameter: 'nodes' } },
        tolerations: [{ tolerationJson: { componentInputParameter: 'taints' } }],
      },
      { nodeSelector: { pool: 'gpu' }, 'tolerations[0]': '[{"key":"a"},{"key":"b"}]' },
    );

    expect(podOf({ platform })).toMatchObject({
      nodeSelector: { pool: 'gpu' },
      tolerations: [{ key: 'a' }, { key: 'b' }],
    });
  });
});

describe('users and rights', () => {
  test('by default a pod passes the restricted standard (S1)', () => {
    const pod = podOf();

    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { securityContext } of [...pod.initContainers!, ...pod.containers]) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test("the pipeline's user is the whole pod's (S2)", () => {
    expect(podOf({ platform: EVERYTHING }).securityContext).toMatchObject({
      runAsUser: 1000,
      runAsGroup: 2000,
      fsGroup: 2000,
    });
  });

  test('where images decide, only the launcher may read what others wrote (S2)', () => {
    const pod = podOf({}, { runAs: 'image' });

    expect(pod.securityContext!.runAsUser).toBeUndefined();
    expect(pod.initContainers![1]!.securityContext).not.toHaveProperty('runAsUser');
    expect(pod.containers[0]!.securityContext).toMatchObject({
      runAsUser: 0,
      capabilities: { drop: ['ALL'], add: ['DAC_OVERRIDE'] },
    });
  });

  test('the credentials of the store go to the containers that move artifacts alone', () => {
    const pod = podOf({}, { storeSecret: 'keys' });
    const [fetch, task] = pod.initContainers!;

    expect(fetch!.envFrom).toEqual([{ secretRef: { name: 'keys' } }]);
    expect(pod.containers[0]!.envFrom).toEqual([{ secretRef: { name: 'keys' } }]);
    expect(JSON.stringify(task)).not.toContain('keys');
  });
});

describe('resources', () => {
  test.each([
    ['limits', { memoryBytes: 1000, cpus: 0.25 }, { limits: { memory: '1000', cpu: '250m' } }],
    [
      'requests',
      { memoryRequestBytes: 5, cpuRequest: 2 },
      { requests: { memory: '5', cpu: '2000m' } },
    ],
    ['none', {}, { requests: { memory: '1Gi', cpu: '500m' } }],
  ])('%s', (_, resources, expected) => {
    const own = { defaultCpu: '500m', defaultMemory: '1Gi' };

    expect(taskOf({ resources }, own).resources).toEqual(expected);
  });

  test('a model name of an accelerator chooses nodes that have it (R2)', () => {
    const resources = { accelerator: { type: 'NVIDIA_TESLA_T4', count: 2 } };

    const pod = podOf({ resources });

    expect(pod.nodeSelector).toEqual({ 'cloud.google.com/gke-accelerator': 'nvidia-tesla-t4' });
    expect(pod.initContainers![1]!.resources!.limits).toEqual({ 'nvidia.com/gpu': '2' });
    expect(() => podOf({ resources: { accelerator: { type: 'TPU_V3', count: 1 } } })).toThrow(
      expect.objectContaining({ code: 'E_UNSUPPORTED' }),
    );
  });
});
