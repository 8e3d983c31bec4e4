import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSageMakerFixture, type SageMakerFixture } from './sagemaker-fixture.js';

let fixture: SageMakerFixture;
beforeEach(async () => {
  fixture = await openSageMakerFixture();
});
afterEach(() => fixture.close());

const UNHEALTHY = 'The primary container did not pass the ping health check.';
const ENDPOINT = { EndpointName: 'churn-model-prod' };
const describeEndpoint = async () =>
  (await fixture.fake.actAsOther('DescribeEndpoint', ENDPOINT)) as Record<string, string>;

async function makeForeignEndpoint(): Promise<void> {
  await fixture.deploy(await fixture.request('blue', { endpointName: 'other' }));
  const { EndpointConfigName } = (await fixture.fake.actAsOther('DescribeEndpoint', {
    EndpointName: 'other',
  })) as Record<string, string>;
  await fixture.fake.actAsOther('CreateEndpoint', { ...ENDPOINT, EndpointConfigName });
  fixture.fake.clock.advance(600_000);
}

describe('the SageMaker deployer', () => {
  it('makes model, configuration and endpoint, and waits until it is in service', async () => {
    const request = await fixture.request('blue');

    const view = await fixture.deploy(request);

    expect(view).toEqual({
      status: 'promoted',
      endpoint: 'churn-model-prod',
      url: 'https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/churn-model-prod/invocations',
      modelDigest: request.modelDigest,
    });
    expect(fixture.fake.ledger.effects).toEqual([
      'CreateModel',
      'CreateEndpointConfig',
      'CreateEndpoint',
    ]);
    expect((await describeEndpoint())['EndpointStatus']).toBe('InService');
  });

  it('updates an endpoint that exists, after writing down that it will', async () => {
    await fixture.deploy(await fixture.request('blue'));

    const view = await fixture.deploy(await fixture.request('green'));

    const calls = fixture.fake.ledger.entries.map(({ operation }) => operation);
    expect(view.status).toBe('promoted');
    expect(calls.slice(-4)).toEqual([
      'CreateEndpointConfig',
      'AddTags',
      'UpdateEndpoint',
      'AddTags',
    ]);
  });

  it('changes nothing when the endpoint serves the model already', async () => {
    await fixture.deploy(await fixture.request('blue'));
    const before = fixture.fake.ledger.entries.length;

    const again = await fixture.deploy(await fixture.request('blue', { deploymentId: 'other' }));

    expect(again).toMatchObject({ status: 'promoted', unchanged: true });
    const effects = fixture.fake.ledger.entries.slice(before).map(({ operation }) => operation);
    expect(effects.filter((operation) => operation !== 'AddTags')).toEqual([]);
  });

  it('reports a failed update as rolled back, though the endpoint is InService (Z1)', async () => {
    const blue = await fixture.request('blue');
    await fixture.deploy(blue);
    const serving = (await describeEndpoint())['EndpointConfigName'];
    fixture.fake.checkHealth(() => UNHEALTHY);

    const view = await fixture.deploy(await fixture.request('green'));

    expect(view).toMatchObject({ status: 'rolled_back', reason: UNHEALTHY });
    expect(await describeEndpoint()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: serving,
    });
    expect(await fixture.deployer.list()).toMatchObject([{ modelDigest: blue.modelDigest }]);
  });

  it('does not send an update again that was rolled back (Z3)', async () => {
    await fixture.deploy(await fixture.request('blue'));
    fixture.fake.checkHealth(() => UNHEALTHY);
    const green = await fixture.request('green');
    await fixture.deploy(green);
    const before = fixture.fake.ledger.effects;

    const again = await fixture.deploy(green);

    expect(again.status).toBe('rolled_back');
    expect(fixture.fake.ledger.effects).toEqual(before);
  });

  it('lets another run try the model again that was rolled back', async () => {
    await fixture.deploy(await fixture.request('blue'));
    fixture.fake.checkHealth(() => UNHEALTHY);
    await fixture.deploy(await fixture.request('green'));
    fixture.fake.checkHealth(() => undefined);

    const view = await fixture.deploy(await fixture.request('green'));

    expect(view.status).toBe('promoted');
    expect(fixture.fake.ledger.effects.slice(-1)).toEqual(['UpdateEndpoint']);
  });

  it('reports failed when the first deployment never comes into service', async () => {
    fixture.fake.checkHealth(() => UNHEALTHY);

    const view = await fixture.deploy(await fixture.request('blue'));

    expect(view).toMatchObject({ status: 'failed', reason: `creation failed: ${UNHEALTHY}` });
  });

  it('replaces an endpoint of ours whose creation failed', async () => {
    fixture.fake.checkHealth(() => UNHEALTHY);
    await fixture.deploy(await fixture.request('blue'));
    fixture.fake.checkHealth(() => undefined);

    const view = await fixture.deploy(await fixture.request('green'));

    expect(view.status).toBe('promoted');
    expect(fixture.fake.ledger.effects.slice(-2)).toEqual(['DeleteEndpoint', 'CreateEndpoint']);
  });

  it('leaves a failed endpoint alone when replacing is not allowed', async () => {
    fixture.fake.checkHealth(() => UNHEALTHY);
    await fixture.deploy(await fixture.request('blue'));

    const deployment = fixture.deploy(
      await fixture.request('green'),
      fixture.another({ replaceFailed: false }),
    );

    await expect(deployment).rejects.toMatchObject({ code: 'E_DEPLOY', retryable: false });
  });

  it('does not touch an endpoint of somebody else (Z2)', async () => {
    await makeForeignEndpoint();
    const before = fixture.fake.ledger.effects.filter((effect) => effect.endsWith('Endpoint'));
    const green = await fixture.request('green');

    await expect(fixture.deploy(green)).rejects.toMatchObject({ code: 'E_ENDPOINT_OWNER' });
    await expect(fixture.deployer.check(green)).rejects.toMatchObject({
      code: 'E_ENDPOINT_OWNER',
    });
    await expect(fixture.deployer.stop('churn-model-prod')).rejects.toMatchObject({
      code: 'E_ENDPOINT_OWNER',
    });
    const after = fixture.fake.ledger.effects.filter((effect) => effect.endsWith('Endpoint'));
    expect(after).toEqual(before);
  });

  it('adopts an endpoint of somebody else when asked to', async () => {
    await makeForeignEndpoint();

    const view = await fixture.deploy(
      await fixture.request('green'),
      fixture.another({ adopt: true }),
    );

    expect(view.status).toBe('promoted');
    expect(await fixture.deployer.list()).toMatchObject([
      { name: 'churn-model-prod' },
      { name: 'other' },
    ]);
  });

  it('waits for an update by another, then makes its own (Z4)', async () => {
    await fixture.deploy(await fixture.request('blue'));
    await fixture.deploy(await fixture.request('green'));
    const [, config] = fixture.fake.ledger.entries.filter(
      ({ operation }) => operation === 'CreateEndpointConfig',
    );
    await fixture.deploy(await fixture.request('blue'));
    await fixture.fake.actAsOther('UpdateEndpoint', {
      ...ENDPOINT,
      EndpointConfigName: config!.name,
    });

    const view = await fixture.deploy(await fixture.request('red'));

    expect(view.status).toBe('promoted');
    expect(fixture.states).toContain('endpoint updated by another');
  });

  it('gives up waiting after its time, and can be called again', async () => {
    await fixture.deploy(await fixture.request('blue'));
    const impatient = fixture.another({ endpointTimeoutMs: 60_000 });
    const green = await fixture.request('green');

    await expect(fixture.deploy(green, impatient)).rejects.toMatchObject({
      code: 'E_DEPLOY',
      retryable: true,
    });
    const view = await fixture.deploy(green);

    expect(view.status).toBe('promoted');
    const updates = fixture.fake.ledger.effects.filter((effect) => effect === 'UpdateEndpoint');
    expect(updates).toHaveLength(1);
  });

  it('carries out two deployments at once one after the other', async () => {
    const requests = [await fixture.request('blue'), await fixture.request('green')];

    const views = await Promise.all(requests.map((request) => fixture.deploy(request)));

    expect(views.map(({ status }) => status)).toEqual(['promoted', 'promoted']);
    const changes = fixture.fake.ledger.effects.filter((effect) => effect.endsWith('Endpoint'));
    expect(changes).toEqual(['CreateEndpoint', 'UpdateEndpoint']);
  });

  it('reports its state at least every 5 s of waiting', async () => {
    const times: number[] = [];
    const request = await fixture.request('blue');

    await fixture.deployer.deploy(request, {
      signal: new AbortController().signal,
      progress: () => times.push(fixture.fake.clock.now()),
    });

    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    expect(times.length).toBeGreaterThan(30);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_000);
  });

  it('stops waiting when it is canceled', async () => {
    const cancel = new AbortController();
    const request = await fixture.request('blue');

    const deployment = fixture.deployer.deploy(request, {
      signal: cancel.signal,
      progress: (state) => {
        if (state === 'endpoint creating') cancel.abort(new Error('run canceled'));
      },
    });

    await expect(deployment).rejects.toThrow('run canceled');
  });

  it.each([
    ['missing', async (path: string) => rm(path, { recursive: true })],
    ['changed', async (path: string) => appendFile(join(path, 'model.json'), ' ')],
  ])('calls AWS not at all when the model is %s', async (_, damage) => {
    const request = await fixture.request('blue');
    await damage(request.modelPath);

    await expect(fixture.deploy(request)).rejects.toMatchObject({ code: 'E_ARTIFACT' });
    expect(fixture.fake.calls).toEqual([]);
  });

  it('offers serverless hosting', async () => {
    const serverless = fixture.another({
      serverless: { memorySizeMb: 2048, maxConcurrency: 5 },
    });

    await fixture.deploy(await fixture.request('blue'), serverless);

    const { EndpointConfigName } = await describeEndpoint();
    expect(
      await fixture.fake.actAsOther('DescribeEndpointConfig', { EndpointConfigName }),
    ).toMatchObject({
      ProductionVariants: [{ ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } }],
    });
  });

  it('lists its own endpoints, over pages, with run and model', async () => {
    const requests = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        fixture.request('blue', { endpointName: `churn-${index}` }),
      ),
    );
    await Promise.all(requests.map((request) => fixture.deploy(request)));

    const views = await fixture.deployer.list();

    expect(views).toHaveLength(12);
    expect(views.find(({ name }) => name === 'churn-7')).toMatchObject({
      status: 'in_service',
      modelDigest: requests[7]!.modelDigest,
      runId: requests[7]!.runId,
    });
  });

  it('deletes endpoint, configuration and model on stop', async () => {
    await fixture.deploy(await fixture.request('blue'));

    await fixture.deployer.stop('churn-model-prod');

    expect(fixture.fake.ledger.effects.slice(-3)).toEqual([
      'DeleteEndpoint',
      'DeleteModel',
      'DeleteEndpointConfig',
    ]);
    await expect(fixture.deployer.stop('churn-model-prod')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });

  it('refuses to go on when something else has its name', async () => {
    const request = await fixture.request('blue');
    await fixture.deploy(request);
    const model = fixture.fake.ledger.entries.find(({ operation }) => operation === 'CreateModel')!;
    await fixture.deployer.stop('churn-model-prod');
    await fixture.fake.actAsOther('CreateModel', {
      ModelName: model.name,
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/somebody-else',
      PrimaryContainer: { Image: 'other', ModelDataUrl: 's3://other/model.tar.gz' },
    });

    await expect(fixture.deploy(request)).rejects.toMatchObject({
      code: 'E_DEPLOY',
      message: expect.stringContaining('exists with another image') as string,
    });
  });

  it('says what AWS said when a part of the request is refused for good', async () => {
    const deployer = fixture.another({ image: 'registry/image' });
    fixture.fake.faults.add({ operation: 'CreateModel', kind: 'throttle', times: 1 });
    const uploaded = fixture.another({
      uploadModelArchive: () => Promise.resolve('s3://models/model.zip'),
    });

    await expect(fixture.deploy(await fixture.request('blue'), uploaded)).rejects.toMatchObject({
      code: 'E_DEPLOY',
      retryable: false,
      message: expect.stringContaining('Could not find model data') as string,
    });
    await expect(fixture.deploy(await fixture.request('blue'), deployer)).resolves.toMatchObject({
      status: 'promoted',
    });
  });
});

describe('errors of the SageMaker deployer', () => {
  it('hold nothing of the signed request', async () => {
    const deployer = fixture.another({
      uploadModelArchive: () => Promise.resolve('s3://models/model.zip'),
      clientConfig: {
        endpoint: fixture.fake.url,
        credentials: {
          accessKeyId: 'canary-id',
          secretAccessKey: 'canary-key',
          sessionToken: 'canary-token',
        },
      },
    });

    const error = await fixture
      .deploy(await fixture.request('blue'), deployer)
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'E_DEPLOY' });
    expect(inspect(error, { depth: Infinity })).not.toContain('canary');
  });
});
