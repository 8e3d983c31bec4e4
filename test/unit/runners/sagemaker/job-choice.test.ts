import { describe, expect, it } from 'vitest';
import type { PlatformSettings } from '../../../../src/ir/platform/index.js';
import { checkPlatform } from '../../../../src/runners/sagemaker/check-platform.js';
import { chooseInstance } from '../../../../src/runners/sagemaker/instance-types.js';
import { jobChoice } from '../../../../src/runners/sagemaker/job-choice.js';
import { jobName } from '../../../../src/runners/sagemaker/job-name.js';

const GIB = 2 ** 30;
const asking = (annotations: Record<string, string>): PlatformSettings => ({
  ...{ variables: [], mounts: [], fields: [], labels: {} },
  annotations,
});

describe('a task on SageMaker', () => {
  it('is a processing job unless it says otherwise (J1)', () => {
    expect(jobChoice('train', asking({ team: 'churn' })).kind).toBe('processing');
  });

  it.each<Record<string, string>>([
    { 'anneal/sagemaker-job': 'training' },
    { 'anneal/sagemaker-spot': 'true' },
    { 'anneal/sagemaker-checkpoints': 'true' },
  ])('is a training job by %j (J2)', (annotations) => {
    expect(jobChoice('train', asking(annotations)).kind).toBe('training');
  });

  it.each([
    [{ 'anneal/sagemaker-spott': 'true' }, /did you mean anneal\/sagemaker-spot/],
    [{ 'anneal/sagemaker-spot': 'yes' }, /true or false/],
    [{ 'anneal/sagemaker-job': 'batch' }, /processing or training/],
    [{ 'anneal/sagemaker-job': 'processing', 'anneal/sagemaker-spot': 'true' }, /only training/],
    [{ 'anneal/sagemaker-volume-gb': '0' }, /whole number from 1 to 16384/],
    [{ 'anneal/sagemaker-volume-gb': '20000' }, /whole number from 1 to 16384/],
  ])('is refused with %j (J3)', (annotations, message) => {
    const choosing = (): unknown => jobChoice('train', asking(annotations));

    expect(choosing).toThrow(message);
  });

  it.each([
    [{}, 'ml.m5.large'],
    [{ memoryBytes: 8 * GIB, cpus: 4 }, 'ml.c5.xlarge'],
    [{ memoryBytes: 9 * GIB }, 'ml.m5.xlarge'],
    [{ memoryRequestBytes: 100 * GIB }, 'ml.r5.4xlarge'],
    [{ accelerator: { type: 'nvidia.com/gpu', count: 1 } }, 'ml.g4dn.xlarge'],
    [{ accelerator: { type: 'NVIDIA_TESLA_V100', count: 2 } }, 'ml.p3.8xlarge'],
    [{ accelerator: { type: 'NVIDIA_TESLA_A100', count: 1 } }, 'ml.p4d.24xlarge'],
  ])('that asks for %j gets %s', (resources, expected) => {
    expect(chooseInstance('train', { kind: 'training' }, resources)).toBe(expected);
  });

  it('gets its own type before the setting, and the setting before the table', () => {
    const own = { kind: 'processing', instanceType: 'ml.r5.large' } as const;

    expect(chooseInstance('train', own, {}, 'ml.m5.xlarge')).toBe('ml.r5.large');
    expect(chooseInstance('train', { kind: 'processing' }, {}, 'ml.m5.xlarge')).toBe(
      'ml.m5.xlarge',
    );
  });

  it('is refused when it names an unknown type, or asks for more than there is', () => {
    const misspelt = { kind: 'processing', instanceType: 'm5.large' } as const;

    expect(() => chooseInstance('train', misspelt, {})).toThrow(/m5\.large/);
    expect(() => chooseInstance('train', { kind: 'processing' }, { cpus: 500 })).toThrow(
      /500 cores/,
    );
  });

  it('is refused when it needs a secret, which a job would show', () => {
    const secret = {
      ...{ where: 'secretAsEnv[0]', variable: 'TOKEN', kind: 'secret' as const },
      ...{ name: 'hub', key: 'token', optional: false },
    };
    const checking = (): unknown =>
      checkPlatform('train', 'image', { ...asking({}), variables: [secret] }, {});

    expect(checking).toThrow(/secretAsEnv\[0\]/);
  });

  it('has a name that AWS allows, another one for each place and generation (N1, N2)', () => {
    const names = [jobName('s3://a/x', 1), jobName('s3://a/x', 2), jobName('s3://b/x', 1)];

    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
  });
});
