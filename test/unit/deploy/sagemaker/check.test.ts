// Rows 53 to 55 of the fault matrix: wrong settings are refused before any training starts.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSageMakerFixture, type SageMakerFixture } from './sagemaker-fixture.js';

let fixture: SageMakerFixture;
beforeEach(async () => {
  fixture = await openSageMakerFixture();
});
afterEach(() => fixture.close());

const GOOD = { endpointName: 'churn-model-prod', instanceType: 'ml.t2.medium' };

describe('the check before a run', () => {
  it('passes good settings, and changes nothing', async () => {
    await fixture.deployer.check(GOOD);

    expect(fixture.fake.calls).toEqual(['DescribeEndpoint']);
  });

  it.each(['churn_model!', 'x'.repeat(64), '-x', ''])(
    'refuses the endpoint name %j',
    async (endpointName) => {
      await expect(fixture.deployer.check({ ...GOOD, endpointName })).rejects.toMatchObject({
        code: 'E_ENDPOINT_NAME',
        exitCode: 3,
      });
    },
  );

  it.each([
    ['ml.t2.mediun', 'Did you mean ml.t2.medium?'],
    ['t2.medium', 'Did you mean ml.t2.medium?'],
    ['ml.m5.xlarg', 'Did you mean ml.m5.xlarge?'],
    ['', 'Use a SageMaker type, for example ml.m5.large.'],
  ])('refuses the instance type %j', async (instanceType, hint) => {
    await expect(fixture.deployer.check({ ...GOOD, instanceType })).rejects.toMatchObject({
      code: 'E_INSTANCE_TYPE',
      exitCode: 3,
      hint,
    });
  });

  it('accepts an instance type that is newer than the SDK', async () => {
    await fixture.deployer.check({ ...GOOD, instanceType: 'ml.m99i.48xlarge' });
  });

  it.each([
    ['no role', { roleArn: '' }, 'No execution role for SageMaker is set.'],
    ['a malformed role', { roleArn: 'nope' }, '"nope" is not the ARN of an IAM role.'],
    ['no region', { region: '' }, 'No AWS region is set.'],
    ['a wrong region', { region: 'Frankfurt' }, '"Frankfurt" is not an AWS region.'],
    ['no image', { image: '' }, 'No serving image is set.'],
    [
      'impossible serverless hosting',
      { serverless: { memorySizeMb: 1000, maxConcurrency: 5 } },
      'Serverless hosting with 1000 MB and concurrency 5 is not possible.',
    ],
  ])('refuses %s without calling AWS', async (_, options, message) => {
    await expect(fixture.another(options).check(GOOD)).rejects.toMatchObject({
      code: 'E_AWS_CONFIG',
      exitCode: 3,
      message,
    });
    expect(fixture.fake.calls).toEqual([]);
  });

  it('refuses missing credentials', async () => {
    const deployer = fixture.another({
      clientConfig: {
        endpoint: fixture.fake.url,
        credentials: () => Promise.reject(new Error('nothing found')),
      },
    });

    await expect(deployer.check(GOOD)).rejects.toMatchObject({
      code: 'E_AWS_CONFIG',
      message: 'No AWS credentials were found.',
    });
  });
});
