// What becomes of the settings of `platforms.kubernetes`: the table in the code, the one in docs/runners.md, and what
// the runners do, are one. The settings are those of KFP's own message: a new one fails here.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runWarnings } from '../../../src/activities/run-warnings.js';
import { RUNNER_NAMES, type RunnerName } from '../../../src/contract/index.js';
import type { KubernetesExecutorConfigJson, Pipeline } from '../../../src/ir/index.js';
import { KubernetesExecutorConfigSchema } from '../../../src/ir/generated/kubernetes_executor_config_pb.js';
import { platformNames, platformSettings } from '../../../src/ir/platform/index.js';
import { constantOf } from '../../../src/ir/constant.js';
import { PLATFORM_SUPPORT } from '../../../src/runners/index.js';
import { checkPlatform } from '../../../src/runners/sagemaker/check-platform.js';

const name = { runtimeValue: { constant: 'it' } };
const mount = { mountPath: '/it' };

/** Each setting as the KFP SDK writes it. */
const SAMPLES: Required<KubernetesExecutorConfigJson> = {
  secretAsEnv: [{ secretNameParameter: name, keyToEnv: [{ secretKey: 'k', envVar: 'V' }] }],
  secretAsVolume: [{ secretNameParameter: name, ...mount }],
  configMapAsEnv: [
    { configMapNameParameter: name, keyToEnv: [{ configMapKey: 'k', envVar: 'V' }] },
  ],
  configMapAsVolume: [{ configMapNameParameter: name, ...mount }],
  pvcMount: [{ pvcNameParameter: name, ...mount }],
  emptyDirMounts: [{ volumeName: 'it', ...mount }],
  genericEphemeralVolume: [{ volumeName: 'it', size: '1Gi', ...mount }],
  fieldPathAsEnv: [{ name: 'V', fieldPath: 'metadata.name' }],
  podMetadata: { annotations: { 'anneal/sagemaker-job': 'training' } },
  activeDeadlineSeconds: '60',
  imagePullPolicy: 'Always',
  imagePullSecret: [{ secretNameParameter: name }],
  nodeSelector: { labels: { disk: 'ssd' } },
  nodeAffinity: [{ matchExpressions: [{ key: 'disk', operator: 'Exists' }] }],
  podAffinity: [{ topologyKey: 'zone', matchPodLabels: { app: 'it' } }],
  tolerations: [{ key: 'gpu', operator: 'Exists' }],
  securityContext: { runAsUser: '10001' },
  enabledSharedMemory: { size: '1Gi' },
};

const SETTINGS = KubernetesExecutorConfigSchema.fields.map(({ jsonName }) => jsonName);
const CELLS = SETTINGS.flatMap((setting) => RUNNER_NAMES.map((runner) => ({ setting, runner })));

describe.each(CELLS)('$setting on $runner', ({ setting, runner }) => {
  const config = { [setting]: SAMPLES[setting as keyof typeof SAMPLES] };
  const support = PLATFORM_SUPPORT[setting as keyof typeof SAMPLES]?.[runner];

  test('is in docs/runners.md as in the code', () => {
    const documented = table().get(setting)?.[RUNNER_NAMES.indexOf(runner)];

    expect(documented).toBe(typeof support === 'object' ? 'ignored' : support);
  });

  test('becomes what the table says', () => {
    const warnings = warningsOf(config, runner);

    expect(fate(config, runner, warnings)).toBe(typeof support === 'object' ? 'ignored' : support);
    if (typeof support === 'object') expect(warnings[0]).toContain(support.ignored);
  });
});

/** Rows of the table of docs/runners.md: what each runner does with a setting. */
function table(): Map<string, readonly string[]> {
  const file = path.join(import.meta.dirname, '../../../docs/runners.md');
  const rows = readFileSync(file, 'utf8').matchAll(
    /^\| `(\w+)` +\|(( (honoured|ignored|refused) +\|){4})$/gm,
  );
  return new Map(
    [...rows].map(([, setting = '', cells = '']) => [setting, cells.match(/\w+/g) ?? []]),
  );
}

function fate(
  config: KubernetesExecutorConfigJson,
  runner: RunnerName,
  warnings: string[],
): string {
  if (runner === 'sagemaker' && isRefused(config)) return 'refused';
  if (warnings.length > 0) return 'ignored';
  return reachesTask(config, runner) ? 'honoured' : 'ignored without a word';
}

function isRefused(config: KubernetesExecutorConfigJson): boolean {
  try {
    checkPlatform('task', 'image', settingsOf(config), {});
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'E_UNSUPPORTED' });
    return true;
  }
}

/** Whether a runner is told of it; what only a pod can be given, only that of a cluster. */
function reachesTask(config: KubernetesExecutorConfigJson, runner: RunnerName): boolean {
  const told = (of: KubernetesExecutorConfigJson): string => {
    const { pod, ...all } = settingsOf(of);
    return JSON.stringify(runner === 'kubernetes' ? { pod, ...all } : all);
  };
  return told(config) !== told({});
}

function settingsOf(config: KubernetesExecutorConfigJson): ReturnType<typeof platformSettings> {
  const names = Object.entries(platformNames(config)).map(
    ([where, { runtimeValue }]) => [where, constantOf(runtimeValue!) ?? null] as const,
  );
  return platformSettings(config, Object.fromEntries(names));
}

function warningsOf(config: KubernetesExecutorConfigJson, runner: RunnerName): string[] {
  const deploymentSpec = { executors: { 'exec-a': config } };
  const pipeline = {
    spec: {},
    deployment: { executors: { 'exec-a': {} } },
    platform: { platforms: { kubernetes: { deploymentSpec } } },
    warnings: [],
  } as unknown as Pipeline;
  return runWarnings(pipeline, {}, runner);
}
