// `anneal endpoints split` and `anneal endpoints` on the strict fake.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  startFakeSageMaker,
  type FakeClock,
  type FakeSageMaker,
} from '../../../src/devserver/fake-sagemaker/index.js';
import { callCli, type CliCall } from './support/call-cli.js';

const NAME = 'churn-model-prod';
const ROLE = 'arn:aws:iam::123456789012:role/anneal-serving';
const DIGEST = `sha256:${'c'.repeat(64)}`;

describe('anneal endpoints split', () => {
  let fake: FakeSageMaker<FakeClock>;
  let home: string;
  beforeEach(async () => {
    let nowMs = 0;
    // A minute between any two looks: whatever goes on ends soon.
    fake = await startFakeSageMaker({ clock: { now: () => (nowMs += 60_000) } });
    home = await mkdtemp(path.join(os.tmpdir(), 'anneal-cli-'));
    vi.stubEnv('AWS_ENDPOINT_URL', fake.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await fake.close();
    await rm(home, { recursive: true });
  });

  const call = (...argv: string[]): Promise<CliCall> =>
    callCli(['endpoints', ...argv], {
      cwd: home,
      env: {
        ANNEAL_HOME: path.join(home, '.anneal'),
        ANNEAL_DEPLOY_TARGET: 'sagemaker',
        ANNEAL_SAGEMAKER_REGION: 'eu-central-1',
        ANNEAL_SAGEMAKER_ROLE: ROLE,
        ANNEAL_SAGEMAKER_IMAGE: 'anneal-serving:1',
        ANNEAL_SAGEMAKER_POLL_SECONDS: '1',
      },
    });
  /** An endpoint of Anneal's; its variants share the requests evenly. */
  const createEndpoint = async (...variants: string[]): Promise<void> => {
    await fake.actAsOther('CreateModel', {
      ...{ ModelName: 'm', ExecutionRoleArn: ROLE },
      PrimaryContainer: { Image: 'image', ModelDataUrl: 's3://models/model.tar.gz' },
    });
    const hosting = { ModelName: 'm', InstanceType: 'ml.t2.medium', InitialInstanceCount: 1 };
    await fake.actAsOther('CreateEndpointConfig', {
      EndpointConfigName: 'config',
      ProductionVariants: variants.map((VariantName) => ({ VariantName, ...hosting })),
    });
    await fake.actAsOther('CreateEndpoint', {
      ...{ EndpointName: NAME, EndpointConfigName: 'config' },
      Tags: [
        { Key: 'anneal:endpoint', Value: NAME },
        { Key: 'anneal:candidate-digest', Value: DIGEST },
      ],
    });
  };

  it('says the shares that are live now, and the one before', async () => {
    await createEndpoint('AllTraffic', 'Candidate');

    const change = await call('split', NAME, '--percent', '20');
    const again = await call('split', NAME, '--percent', '20', '--json');
    const list = await call();

    expect(change).toMatchObject({
      exitCode: 0,
      stdout: `Endpoint ${NAME}: 20 % of requests to the candidate (50 % before), 80 % to the live model.\n`,
    });
    expect(JSON.parse(again.stdout)).toEqual({ name: NAME, percent: 20, earlierPercent: 20 });
    expect(list.stdout).toContain(`${NAME}: split, 20 % of requests to sha256:cccccccccccc`);
    expect(fake.ledger.effects).toEqual(['UpdateEndpointWeightsAndCapacities']);
  });

  it('ends with 3 where one model serves alone, and changes nothing', async () => {
    await createEndpoint('AllTraffic');

    const { exitCode, stderr } = await call('split', NAME, '--percent', '20');

    expect(exitCode).toBe(3);
    expect(stderr).toContain(`E_STATE The endpoint "${NAME}" serves one model alone`);
    expect(fake.ledger.effects).toEqual([]);
  });

  it('ends with 3 where there is no such endpoint, with the nearest name', async () => {
    await createEndpoint('AllTraffic', 'Candidate');

    const { exitCode, stderr } = await call('split', 'churn-model-prd', '--percent', '20');

    expect(exitCode).toBe(3);
    expect(stderr).toContain(NAME);
  });
});
