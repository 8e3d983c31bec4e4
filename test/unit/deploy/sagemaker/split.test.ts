// Two models behind one endpoint, on the strict fake, in virtual time: who answers how much, and how a split begins, goes
// on and ends.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DEFAULT_POLICY,
  type RolloutPolicy,
  type SageMakerPolicy,
} from '../../../../src/contract/index.js';
import type { DeploymentRequest } from '../../../../src/deploy/index.js';
import { openSageMakerFixture, type SageMakerFixture } from './sagemaker-fixture.js';

let fixture: SageMakerFixture;
beforeEach(async () => {
  fixture = await openSageMakerFixture();
});
afterEach(() => fixture.close());

const NAME = 'churn-model-prod';
const ENDPOINT = { EndpointName: NAME };
const BAKING: RolloutPolicy = {
  ...DEFAULT_POLICY.rollout,
  bakeSeconds: 600,
  alarms: { errorRate: 0.1, minRequests: 5, names: [] },
};

const describeEndpoint = async () =>
  (await fixture.fake.actAsOther('DescribeEndpoint', ENDPOINT)) as Record<string, unknown>;
const weights = async (): Promise<unknown> =>
  ((await describeEndpoint())['ProductionVariants'] as Record<string, unknown>[]).map(
    ({ VariantName, CurrentWeight }) => [VariantName, CurrentWeight],
  );
/** How many of some requests each model answered, with the variant that said so. */
const countAnswers = async (requests: number): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (let sent = 0; sent < requests; sent += 1) {
    const { variant, prediction } = await fixture.ask();
    const who = `${String(prediction)} by ${variant}`;
    counts[who] = (counts[who] ?? 0) + 1;
  }
  return counts;
};
const request = (
  answer: string,
  sagemaker: SageMakerPolicy = {},
  rollout?: RolloutPolicy,
): Promise<DeploymentRequest> => fixture.request(answer, { sagemaker, rollout });
const split = (percent: number): SageMakerPolicy => ({ split: { percent } });
/** An endpoint on which `green` answers a share beside `blue`. */
const openSplit = async (percent: number): Promise<DeploymentRequest> => {
  await fixture.deploy(await request('blue'));
  const green = await request('green', split(percent));
  await fixture.deploy(green);
  return green;
};
const effectsOf = (operation: string): number =>
  fixture.fake.ledger.effects.filter((effect) => effect === operation).length;

describe('a split', () => {
  it('gives the candidate its share of real requests, to within one of a thousand', async () => {
    await fixture.deploy(await request('blue'));

    const view = await fixture.deploy(await request('green', split(20)));

    const counts = await countAnswers(1000);
    expect(view).toMatchObject({ status: 'splitting', percent: 20 });
    expect(Object.keys(counts).sort()).toEqual(['blue by AllTraffic', 'green by Candidate']);
    expect(Math.abs(counts['green by Candidate']! - 200)).toBeLessThanOrEqual(1);
  });

  it('is found again by the same deployment, which changes nothing', async () => {
    const green = await openSplit(20);
    const before = fixture.fake.ledger.entries.length;

    const again = await fixture.deploy(green);

    expect(again).toMatchObject({ status: 'splitting', unchanged: true });
    expect(fixture.fake.ledger.entries).toHaveLength(before);
  });

  it('is none for the first model of an endpoint, however often it is deployed (B2)', async () => {
    const blue = await request('blue', split(20));

    const views = [await fixture.deploy(blue), await fixture.deploy(blue)];

    expect(views.map(({ status }) => status)).toEqual(['promoted', 'promoted']);
    expect(await weights()).toEqual([['AllTraffic', 1]]);
  });

  it('is none for the first model when its worker dies while the endpoint is created (B1, B2)', async () => {
    const blue = await request('blue', split(20));
    const death = new AbortController();
    const cutOff = fixture.deployer.deploy(blue, {
      signal: death.signal,
      progress: (state) => {
        if (state.includes('creating')) death.abort(new Error('worker gone'));
      },
    });
    await expect(cutOff).rejects.toThrow('worker gone');

    const view = await fixture.deploy(blue);

    expect(view.status).toBe('promoted');
    expect(effectsOf('CreateEndpointConfig')).toBe(1);
  });

  it('ends with the candidate alone when the policy asks for none any more', async () => {
    await openSplit(20);

    const view = await fixture.deploy(await request('green'));

    expect(view.status).toBe('promoted');
    expect(await weights()).toEqual([['AllTraffic', 1]]);
    expect(await countAnswers(20)).toEqual({ 'green by AllTraffic': 20 });
  });

  it('ends with the live model alone when that is deployed again', async () => {
    await openSplit(20);

    const view = await fixture.deploy(await request('blue', split(20)));

    expect(view.status).toBe('promoted');
    expect(await countAnswers(20)).toEqual({ 'blue by AllTraffic': 20 });
  });

  it('takes another candidate in place of its own; the live model stays', async () => {
    await openSplit(20);

    const view = await fixture.deploy(await request('red', split(50)));

    expect(view).toMatchObject({ status: 'splitting', percent: 50 });
    expect(await countAnswers(10)).toEqual({ 'blue by AllTraffic': 5, 'red by Candidate': 5 });
  });

  it('goes on when a further candidate for it is bad', async () => {
    await openSplit(20);
    const red = await request('red', split(50));
    fixture.models.answer(red.modelDigest, () => ({ prediction: 'something else' }));

    const view = await fixture.deploy(red);

    expect(view.status).toBe('rolled_back');
    expect(await countAnswers(10)).toEqual({ 'blue by AllTraffic': 8, 'green by Candidate': 2 });
  });

  it('turns into a shadow when the policy says so', async () => {
    await openSplit(20);

    const view = await fixture.deploy(
      await request('green', { shadow: { samplingPercent: 50 } }, BAKING),
    );

    expect(view.status).toBe('shadowing');
    expect(await countAnswers(10)).toEqual({ 'blue by AllTraffic': 10 });
  });

  it('is listed with its share and its candidate', async () => {
    const green = await openSplit(20);

    const [during] = await fixture.deployer.list();
    await fixture.deploy(await request('green'));
    const [after] = await fixture.deployer.list();

    expect(during).toMatchObject({ split: { percent: 20, modelDigest: green.modelDigest } });
    expect(during!.modelDigest).not.toBe(green.modelDigest);
    expect(after).not.toHaveProperty('split');
    expect(after!.modelDigest).toBe(green.modelDigest);
  });

  it('scales both variants, and the candidate no longer once it is promoted', async () => {
    const scaled = { autoscaling: { min: 1, max: 4, targetInvocationsPerInstance: 500 } };
    await fixture.deploy(await request('blue', scaled));
    await fixture.deploy(await request('green', { ...scaled, ...split(20) }));
    await fixture.deploy(await request('green', scaled));

    const scaling = fixture.fake.ledger.entries
      .filter(({ effective, operation }) => effective && /Target$/.test(operation))
      .map(({ operation, name }) => `${operation} ${name}`);
    expect(scaling).toEqual([
      'RegisterScalableTarget endpoint/churn-model-prod/variant/AllTraffic',
      'RegisterScalableTarget endpoint/churn-model-prod/variant/Candidate',
      'DeregisterScalableTarget endpoint/churn-model-prod/variant/Candidate',
    ]);
  });
});

describe('a split that cannot lie', () => {
  it('ends at once when the candidate answers otherwise than was recorded (J1)', async () => {
    await fixture.deploy(await request('blue'));
    const green = await request('green', split(20));
    fixture.models.answer(green.modelDigest, () => ({ prediction: 'something else' }));

    const view = await fixture.deploy(green);

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toContain('predicted "something else" where training recorded "green"');
    expect(await countAnswers(10)).toEqual({ 'blue by AllTraffic': 10 });
  });

  it('ends at once when the live model answers otherwise than it did alone (J1)', async () => {
    const blue = await request('blue');
    await fixture.deploy(blue);
    fixture.models.answer(blue.modelDigest, () => ({
      prediction: effectsOf('UpdateEndpoint') === 1 ? 'odd' : 'blue',
    }));

    const view = await fixture.deploy(await request('green', split(20)));

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toContain('the model now live answers otherwise than it did alone');
    expect(await weights()).toEqual([['AllTraffic', 1]]);
  });

  it('lets the live model fail on the row of the candidate, as it did alone (V2)', async () => {
    const blue = await request('blue');
    await fixture.deploy(blue);
    fixture.models.answer(blue.modelDigest, () => ({ status: 400 }));

    const view = await fixture.deploy(await request('green', split(20)));

    expect(view.status).toBe('splitting');
  });

  it('goes back when the candidate answers otherwise once it is alone', async () => {
    const green = await openSplit(20);
    const promotion = await request('green');
    fixture.models.answer(green.modelDigest, () => ({ prediction: 'something else' }));

    const view = await fixture.deploy(promotion);

    expect(view.status).toBe('rolled_back');
    expect(await weights()).toEqual([
      ['AllTraffic', 80],
      ['Candidate', 20],
    ]);
  });
});

/** Deploys while ten requests come every time the deployer waits. */
const deployUnderLoad = (wanted: DeploymentRequest, signal = new AbortController().signal) => {
  const clock = {
    now: () => fixture.fake.clock.now(),
    sleep: async (ms: number, until: AbortSignal) => {
      await Promise.all(Array.from({ length: 10 }, () => fixture.ask().catch(() => undefined)));
      return fixture.fake.clock.sleep(ms, until);
    },
  };
  const progress = (state: string) => void fixture.states.push(state);
  return fixture.another({ clock }).deploy(wanted, { signal, progress });
};
/** Lets a model answer well until it bakes. */
const failInBaking = ({ modelDigest }: DeploymentRequest, prediction: string): void =>
  fixture.models.answer(modelDigest, () =>
    fixture.states.includes('baking') ? { status: 500 } : { prediction },
  );

describe('the alarms of a split', () => {
  it('end it while it bakes, with the alarm in the reason', async () => {
    await fixture.deploy(await request('blue'));
    const green = await request('green', split(50), BAKING);
    failInBaking(green, 'green');

    const view = await deployUnderLoad(green);

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toMatch(/alarm rang while it baked: churn-model-prod-[0-9a-f]+-errors/);
    expect(await countAnswers(10)).toEqual({ 'blue by AllTraffic': 10 });
  });

  it('say nothing of the live model', async () => {
    const blue = await request('blue');
    await fixture.deploy(blue);
    fixture.models.answer(blue.modelDigest, () => ({ status: 500 }));

    const view = await deployUnderLoad(await request('green', split(50), BAKING));

    expect(view.status).toBe('splitting');
  });

  it('are watched for the time that the policy says, from when the candidate serves (K1)', async () => {
    await fixture.deploy(await request('blue'));

    await fixture.deploy(await request('green', split(50), BAKING));

    const modifiedMs = Number((await describeEndpoint())['LastModifiedTime']) * 1000;
    expect(fixture.fake.clock.now() - modifiedMs).toBeGreaterThanOrEqual(600_000);
    expect(fixture.fake.clock.now() - modifiedMs).toBeLessThan(700_000);
  });

  it('end it also when the worker died while it baked (K1)', async () => {
    await fixture.deploy(await request('blue'));
    const green = await request('green', split(50), BAKING);
    const death = new AbortController();
    const cutOff = fixture.deployer.deploy(green, {
      signal: death.signal,
      progress: (state) => {
        if (state === 'baking') death.abort(new Error('worker gone'));
      },
    });
    await expect(cutOff).rejects.toThrow('worker gone');
    failInBaking(green, 'green');

    const view = await deployUnderLoad(green);

    expect(view.status).toBe('rolled_back');
    expect(effectsOf('UpdateEndpoint')).toBe(2);
  });

  it('watch the promotion of its candidate, which comes all at once', async () => {
    const canary: RolloutPolicy = { ...BAKING, strategy: 'canary' };
    await openSplit(50);
    const green = await request('green', { instanceCount: 2 }, canary);
    failInBaking(green, 'green');

    const view = await deployUnderLoad(green);

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toContain('alarm rang while it baked');
    expect(await weights()).toEqual([
      ['AllTraffic', 50],
      ['Candidate', 50],
    ]);
  });
});

describe('the shares of a split', () => {
  it('are changed without a deployment, and live when that is said', async () => {
    await openSplit(20);

    const view = await fixture.deployer.split(NAME, 50);

    expect(view).toEqual({ endpoint: NAME, percent: 50, earlierPercent: 20 });
    expect(await countAnswers(1000)).toEqual({
      'blue by AllTraffic': 500,
      'green by Candidate': 500,
    });
    expect(effectsOf('UpdateEndpoint')).toBe(1);
  });

  it('are left alone when they are as wanted', async () => {
    await openSplit(20);

    const view = await fixture.deployer.split(NAME, 20);

    expect(view.earlierPercent).toBe(20);
    expect(effectsOf('UpdateEndpointWeightsAndCapacities')).toBe(0);
  });

  it('are the policy’s again after the next deployment (Y5)', async () => {
    const green = await openSplit(20);
    await fixture.deployer.split(NAME, 50);

    const view = await fixture.deploy(green);

    expect(view).toMatchObject({ status: 'splitting', percent: 20 });
    expect(await weights()).toEqual([
      ['AllTraffic', 80],
      ['Candidate', 20],
    ]);
  });

  it('are changed once whatever change is under way has ended', async () => {
    await openSplit(20);
    await fixture.fake.actAsOther('UpdateEndpointWeightsAndCapacities', {
      ...ENDPOINT,
      DesiredWeightsAndCapacities: [{ VariantName: 'Candidate', DesiredWeight: 240 }],
    });

    const view = await fixture.deployer.split(NAME, 50);

    expect(view).toMatchObject({ percent: 50, earlierPercent: 75 });
  });

  it('are no success when another change came right after', async () => {
    await openSplit(20);
    const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
      fixture.fake.clock.advance(120_000);
      await fixture.fake.actAsOther('UpdateEndpointWeightsAndCapacities', {
        ...ENDPOINT,
        DesiredWeightsAndCapacities: [{ VariantName: 'Candidate', DesiredWeight: 10 }],
      });
      fixture.fake.clock.advance(120_000);
      return fixture.fake.clock.sleep(ms, signal);
    };
    const clock = { now: () => fixture.fake.clock.now(), sleep };

    const change = fixture.another({ clock }).split(NAME, 50);

    await expect(change).rejects.toMatchObject({
      code: 'E_DEPLOY',
      message: expect.stringContaining('another change came after this one') as string,
    });
  });

  it('are refused where one model serves alone, and where there is no endpoint', async () => {
    await fixture.deploy(await request('blue'));

    await expect(fixture.deployer.split(NAME, 50)).rejects.toMatchObject({ code: 'E_STATE' });
    await expect(fixture.deployer.split('nothing', 50)).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });

  it('of an endpoint of somebody else are not touched', async () => {
    await openSplit(20);
    const { EndpointConfigName } = await describeEndpoint();
    await fixture.fake.actAsOther('CreateEndpoint', { EndpointName: 'other', EndpointConfigName });

    const change = fixture.deployer.split('other', 50);

    await expect(change).rejects.toMatchObject({ code: 'E_ENDPOINT_OWNER' });
  });
});
