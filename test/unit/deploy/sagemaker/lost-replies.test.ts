// Rows 2 and 11 of the fault matrix: whatever happens to a call, its effect happens once.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../fakes/sagemaker/index.js';
import { openSageMakerFixture, type SageMakerFixture } from './sagemaker-fixture.js';

let fixture: SageMakerFixture;
beforeEach(async () => {
  fixture = await openSageMakerFixture();
});
afterEach(() => fixture.close());

const FAULTS: readonly [string, Omit<Fault, 'operation'>][] = [
  ['applied, its answer lost', { kind: 'drop', applied: true, times: 1 }],
  ['cut off before it is applied, twice', { kind: 'drop', times: 2 }],
  ['throttled five times', { kind: 'throttle', times: 5 }],
  ['answered with 500 twice, not applied', { kind: 'error', times: 2 }],
  ['answered with 500, but applied', { kind: 'error', applied: true, times: 1 }],
];

const CREATION = ['CreateModel', 'CreateEndpointConfig', 'CreateEndpoint'];
const UPDATE = ['CreateModel', 'CreateEndpointConfig', 'UpdateEndpoint'];

describe.each(FAULTS)('a call that is %s', (_, fault) => {
  it.each([...CREATION, 'DescribeModel', 'DescribeEndpoint', 'ListTags'])(
    'has one effect when it is %s of a first deployment',
    async (operation) => {
      fixture.fake.faults.add({ operation, ...fault });

      const view = await fixture.deploy(await fixture.request('blue'));

      expect(fixture.fake.faults.struck).toBe(fault.times);
      expect(view.status).toBe('promoted');
      expect(fixture.fake.ledger.effects).toEqual(CREATION);
    },
  );

  it.each([...UPDATE, 'AddTags'])(
    'has one effect when it is %s of an update',
    async (operation) => {
      await fixture.deploy(await fixture.request('blue'));
      fixture.fake.faults.add({ operation, ...fault });

      const view = await fixture.deploy(await fixture.request('green'));

      expect(fixture.fake.faults.struck).toBe(fault.times);
      expect(view.status).toBe('promoted');
      expect(fixture.fake.ledger.effects).toEqual([...CREATION, ...UPDATE]);
    },
  );

  it.each(['DeleteEndpoint', 'DeleteEndpointConfig', 'DeleteModel'])(
    'has one effect when it is %s of a stop',
    async (operation) => {
      await fixture.deploy(await fixture.request('blue'));
      fixture.fake.faults.add({ operation, ...fault });

      await fixture.deployer.stop('churn-model-prod');

      expect(fixture.fake.faults.struck).toBe(fault.times);
      expect(fixture.fake.ledger.effects.slice(CREATION.length)).toEqual([
        'DeleteEndpoint',
        'DeleteModel',
        'DeleteEndpointConfig',
      ]);
    },
  );
});

describe('an update whose answer is lost', () => {
  it('is seen as rolled back when it has failed before anyone looks again', async () => {
    await fixture.deploy(await fixture.request('blue'));
    fixture.fake.checkHealth(() => 'unhealthy');
    fixture.fake.faults.add({ operation: 'UpdateEndpoint', kind: 'drop', applied: true, times: 1 });
    const green = await fixture.request('green');
    // Every wait takes longer than the update.
    const slow = {
      now: () => fixture.fake.clock.now(),
      sleep: (ms: number, signal: AbortSignal) => {
        fixture.fake.clock.advance(300_000);
        return fixture.fake.clock.sleep(ms, signal);
      },
    };

    const view = await fixture.deploy(green, fixture.another({ clock: slow }));

    expect(view).toMatchObject({ status: 'rolled_back', reason: 'unhealthy' });
    const updates = fixture.fake.ledger.effects.filter((effect) => effect === 'UpdateEndpoint');
    expect(updates).toHaveLength(1);
  });
});

describe('a call that is throttled for ever', () => {
  it.each(['DescribeEndpoint', 'UpdateEndpoint'])(
    'ends the deployment after its patience when it is %s',
    async (operation) => {
      await fixture.deploy(await fixture.request('blue'));
      const startedMs = fixture.fake.clock.now();
      fixture.fake.faults.add({ operation, kind: 'throttle', times: Infinity });

      const deployment = fixture.deploy(await fixture.request('green'));

      await expect(deployment).rejects.toMatchObject({
        code: 'E_DEPLOY',
        retryable: true,
        message: expect.stringContaining('AWS throttled every call') as string,
      });
      expect(fixture.fake.clock.now() - startedMs).toBeLessThan(12 * 60_000);
      expect(fixture.fake.ledger.effects).not.toContain('UpdateEndpoint');
    },
  );
});

describe('a deployment cut off by the end of its worker', () => {
  it.each(['CreateModel', 'CreateEndpointConfig', 'AddTags', 'UpdateEndpoint'])(
    'is finished by the next one when it ends just after %s',
    async (operation) => {
      await fixture.deploy(await fixture.request('blue'));
      const green = await fixture.request('green');
      const death = new AbortController();
      const cutOff = fixture.deployer.deploy(green, {
        signal: death.signal,
        progress: () => {
          const { operation: last } = fixture.fake.ledger.entries.at(-1)!;
          if (last === operation) death.abort(new Error('worker gone'));
        },
      });
      fixture.fake.faults.add({ operation, kind: 'drop', applied: true, times: 1 });
      await expect(cutOff).rejects.toThrow('worker gone');

      const view = await fixture.deploy(green);

      expect(view.status).toBe('promoted');
      expect(fixture.fake.ledger.effects).toEqual([...CREATION, ...UPDATE]);
    },
  );
});
