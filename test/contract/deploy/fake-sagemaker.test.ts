import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointConfigCommand,
  DescribeEndpointCommand,
  SageMakerClient,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
  type DescribeEndpointCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSageMakerDeployer, type SplittingDeployer } from '../../../src/deploy/index.js';
import { startFakeSageMaker, type FakeSageMaker } from '../../fakes/sagemaker/index.js';
import {
  cleanUpRequests,
  context,
  freshRequest,
  testSageMakerContract,
} from './sagemaker-contract.js';

let fake: FakeSageMaker;
let client: SageMakerClient;
let deployer: SplittingDeployer;
beforeAll(async () => {
  fake = await startFakeSageMaker();
  const clientConfig = {
    endpoint: fake.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  client = new SageMakerClient({ ...clientConfig, region: 'eu-central-1', maxAttempts: 1 });
  deployer = createSageMakerDeployer({
    region: 'eu-central-1',
    roleArn: 'arn:aws:iam::123456789012:role/anneal-serving',
    image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/anneal-serving:1',
    uploadModelArchive: ({ modelDigest }) =>
      Promise.resolve(`s3://models/${modelDigest.replace(':', '-')}/model.tar.gz`),
    clientConfig,
    clock: fake.clock,
  });
});
afterAll(async () => {
  client.destroy();
  await fake.close();
  await cleanUpRequests();
});

const describeEndpoint = (EndpointName: string): Promise<DescribeEndpointCommandOutput> =>
  client.send(new DescribeEndpointCommand({ EndpointName }));

describe('the strict fake', () => {
  testSageMakerContract(() => ({ client, deployer }));
});

// What moto has not, or has otherwise than AWS (fault-matrix A2): the fake alone is the judge.
describe('the strict fake, beyond moto', () => {
  const MODEL = {
    ExecutionRoleArn: 'arn:aws:iam::123456789012:role/anneal-serving',
    PrimaryContainer: { Image: 'image', ModelDataUrl: 's3://models/model.tar.gz' },
  };

  it('refuses a second model of the same name, in the words of AWS', async () => {
    await client.send(new CreateModelCommand({ ...MODEL, ModelName: 'twice' }));

    await expect(
      client.send(new CreateModelCommand({ ...MODEL, ModelName: 'Twice' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'Cannot create already existing model "arn:aws:sagemaker:eu-central-1:123456789012:model/twice".',
    });
  });

  it.each(['a_b', '-a', 'a-', 'x'.repeat(64), 'a/../b', ''])(
    'refuses the name %j',
    async (ModelName) => {
      await expect(
        client.send(new CreateModelCommand({ ...MODEL, ModelName })),
      ).rejects.toMatchObject({ name: 'ValidationException' });
    },
  );

  it.each(['nope', 'arn:aws:iam::1:role/x', 'arn:aws:iam::123456789012:user/someone'])(
    'refuses the role %s',
    async (ExecutionRoleArn) => {
      await expect(
        client.send(new CreateModelCommand({ ...MODEL, ExecutionRoleArn, ModelName: 'm' })),
      ).rejects.toMatchObject({ name: 'ValidationException' });
    },
  );

  it('goes from Creating to InService, and from Updating back with a reason', async () => {
    const blue = await freshRequest();
    const other = await freshRequest('green');
    await deployer.deploy(blue, context);
    await deployer.deploy(other, context);
    const { EndpointConfigName: earlier } = await describeEndpoint(blue.endpointName);
    const { EndpointConfigName: wanted } = await describeEndpoint(other.endpointName);
    fake.checkHealth(() => 'unhealthy');
    const update = new UpdateEndpointCommand({
      EndpointName: blue.endpointName,
      EndpointConfigName: wanted,
    });

    await client.send(update);
    const during = await describeEndpoint(blue.endpointName);
    const again = client.send(update);
    await expect(again).rejects.toThrow(/Cannot update in-progress endpoint/);
    fake.clock.advance(600_000);
    const after = await describeEndpoint(blue.endpointName);
    fake.checkHealth(() => undefined);

    expect(during).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: earlier,
      PendingDeploymentSummary: { EndpointConfigName: wanted },
    });
    expect(after).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: earlier,
      FailureReason: 'unhealthy',
    });
    expect(after).not.toHaveProperty('PendingDeploymentSummary');
  });

  /** An endpoint with two variants of a model, a quarter of the requests for the second. */
  const openPair = async (): Promise<string> => {
    const request = await freshRequest();
    await deployer.deploy(request, context);
    const { EndpointConfigName: ModelName } = await describeEndpoint(request.endpointName);
    const hosting = { ModelName, InstanceType: 'ml.t2.medium', InitialInstanceCount: 1 } as const;
    const name = `pair-${request.endpointName}`;
    const variant = (VariantName: string, InitialVariantWeight: number) => ({
      ...hosting,
      ...{ VariantName, InitialVariantWeight },
    });
    await client.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [variant('one', 3), variant('two', 1)],
      }),
    );
    await client.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
    fake.clock.advance(600_000);
    return name;
  };
  const changeWeights = (EndpointName: string, weights: Record<string, number>) =>
    client.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName,
        DesiredWeightsAndCapacities: Object.entries(weights).map(
          ([VariantName, DesiredWeight]) => ({ VariantName, DesiredWeight }),
        ),
      }),
    );
  const weightsOf = async (name: string): Promise<unknown> =>
    (await describeEndpoint(name)).ProductionVariants!.map(({ CurrentWeight, DesiredWeight }) => [
      CurrentWeight,
      DesiredWeight,
    ]);

  it('is Updating while weights change; the wanted ones are the current ones at its end', async () => {
    const name = await openPair();

    await changeWeights(name, { two: 9 });
    const during = [(await describeEndpoint(name)).EndpointStatus, await weightsOf(name)];
    await expect(changeWeights(name, { two: 5 })).rejects.toThrow(/in-progress endpoint/);
    fake.clock.advance(60_000);
    const after = [(await describeEndpoint(name)).EndpointStatus, await weightsOf(name)];

    const unchanged = [3, 3];
    expect(during).toEqual(['Updating', [unchanged, [1, 9]]]);
    expect(after).toEqual(['InService', [unchanged, [9, 9]]]);
  });

  it.each([
    ['a variant that is not there', { three: 1 }, /not present within endpoint configuration/],
    ['a weight below nothing', { two: -1 }, /at least 0/],
  ])('refuses weights of %s', async (_, weights, message) => {
    const name = await openPair();

    await expect(changeWeights(name, weights)).rejects.toThrow(message);
  });

  it('takes the weights of the new configuration, unless those in force are to be kept', async () => {
    const name = await openPair();
    await changeWeights(name, { two: 9 });
    fake.clock.advance(60_000);
    const update = { EndpointName: name, EndpointConfigName: name };

    await client.send(new UpdateEndpointCommand({ ...update, RetainAllVariantProperties: true }));
    fake.clock.advance(600_000);
    const kept = await weightsOf(name);
    await client.send(new UpdateEndpointCommand(update));
    fake.clock.advance(600_000);

    expect(kept).toEqual([
      [3, 3],
      [9, 9],
    ]);
    expect(await weightsOf(name)).toEqual([
      [3, 3],
      [1, 1],
    ]);
  });

  it('takes no variant away that is a scalable target', async () => {
    const name = await openPair();
    const other = await freshRequest();
    await deployer.deploy(other, context);
    const { EndpointConfigName } = await describeEndpoint(other.endpointName);
    const target = {
      ServiceNamespace: 'sagemaker',
      ResourceId: `endpoint/${name}/variant/two`,
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    };
    const update = new UpdateEndpointCommand({ EndpointName: name, EndpointConfigName });
    await fake.actAsOther('RegisterScalableTarget', { ...target, MinCapacity: 1, MaxCapacity: 2 });

    await expect(client.send(update)).rejects.toThrow(/deregister it first/);
    await fake.actAsOther('DeregisterScalableTarget', target);
    await client.send(update);
  });

  it('refuses a second endpoint of the same name, and an unknown configuration', async () => {
    const request = await freshRequest();
    await deployer.deploy(request, context);
    const EndpointName = request.endpointName;
    const { EndpointConfigName } = await describeEndpoint(EndpointName);

    await expect(
      client.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName })),
    ).rejects.toThrow(/Cannot create already existing endpoint/);
    await expect(
      client.send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName: 'nothing' })),
    ).rejects.toThrow(/Could not find endpoint configuration/);
  });

  it('refuses to delete a configuration in use', async () => {
    const request = await freshRequest();
    await deployer.deploy(request, context);
    const { EndpointConfigName } = await describeEndpoint(request.endpointName);

    await expect(
      client.send(new DeleteEndpointConfigCommand({ EndpointConfigName })),
    ).rejects.toThrow(/in use/);
  });
});
