// What the SageMaker deployer needs of any SageMaker: run against the strict fake and against moto.

import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListTagsCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Deployer, DeploymentRequest, SplittingDeployer } from '../../../src/deploy/index.js';
import { writeStandInModel } from '../../fakes/serving/model.js';

export interface SageMakerUnderTest {
  readonly client: SageMakerClient;
  readonly deployer: SplittingDeployer;
}

/** A request for a fresh endpoint name, so that tests share a server. */
export async function freshRequest(answer = 'blue'): Promise<DeploymentRequest> {
  const endpointName = `churn-${randomUUID().slice(0, 8)}`;
  const folder = await mkdtemp(join(tmpdir(), 'anneal-contract-'));
  const model = await writeStandInModel(join(folder, 'model'), { answer });
  cleanUps.push(() => rm(folder, { recursive: true }));
  return {
    deploymentId: `deploy-${endpointName}`,
    endpointName,
    instanceType: 'ml.t2.medium',
    modelUri: 'runs/run-1/train/1/model',
    modelMetadata: {},
    runId: 'run-1',
    ...model,
  };
}

const cleanUps: (() => Promise<void>)[] = [];

export const cleanUpRequests = async (): Promise<void> => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
};

export const context: Parameters<Deployer['deploy']>[1] = {
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** Declares the contract's tests; `server` is called when they run. */
export function testSageMakerContract(server: () => SageMakerUnderTest): void {
  it('makes an endpoint that serves the model, tagged with its origin', async () => {
    const { client, deployer } = server();
    const request = await freshRequest();

    const view = await deployer.deploy(request, context);

    const endpoint = await client.send(
      new DescribeEndpointCommand({ EndpointName: request.endpointName }),
    );
    const config = await client.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName: endpoint.EndpointConfigName }),
    );
    const [variant] = config.ProductionVariants!;
    const model = await client.send(new DescribeModelCommand({ ModelName: variant!.ModelName }));
    const { Tags } = await client.send(new ListTagsCommand({ ResourceArn: endpoint.EndpointArn }));
    expect(view.status).toBe('promoted');
    expect(endpoint.EndpointStatus).toBe('InService');
    expect(variant!.InstanceType).toBe('ml.t2.medium');
    expect(model.PrimaryContainer!.ModelDataUrl).toContain(
      request.modelDigest.slice('sha256:'.length),
    );
    expect(Tags).toContainEqual({ Key: 'anneal:model-digest', Value: request.modelDigest });
    expect(Tags).toContainEqual({ Key: 'anneal:run', Value: 'run-1' });
  });

  it('finds its own work again and changes nothing', async () => {
    const { deployer } = server();
    const request = await freshRequest();
    await deployer.deploy(request, context);

    const again = await deployer.deploy(request, context);

    expect(again).toMatchObject({ status: 'promoted', unchanged: true });
  });

  it('lists an endpoint of ours, and no longer after stop', async () => {
    const { deployer } = server();
    const request = await freshRequest();
    await deployer.deploy(request, context);
    const before = (await deployer.list()).find(({ name }) => name === request.endpointName);

    await deployer.stop(request.endpointName);

    const after = (await deployer.list()).find(({ name }) => name === request.endpointName);
    expect(before).toMatchObject({ status: 'in_service', modelDigest: request.modelDigest });
    expect(after).toBeUndefined();
    await expect(deployer.stop(request.endpointName)).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });

  it('changes the shares of two models that serve side by side, and knows when they are so', async () => {
    const { client, deployer } = server();
    const EndpointName = await openSplit(client, deployer);

    const first = await deployer.split(EndpointName, 30);
    const second = await deployer.split(EndpointName, 30);

    const { ProductionVariants } = await client.send(new DescribeEndpointCommand({ EndpointName }));
    expect(first).toMatchObject({ percent: 30, earlierPercent: 50 });
    expect(second).toMatchObject({ percent: 30, earlierPercent: 30 });
    expect(ProductionVariants!.map(({ CurrentWeight }) => CurrentWeight)).toEqual([70, 30]);
  });

  it('finds no split where one model serves alone', async () => {
    const { deployer } = server();
    const request = await freshRequest();
    await deployer.deploy(request, context);

    const change = deployer.split(request.endpointName, 30);

    await expect(change).rejects.toMatchObject({ code: 'E_STATE', exitCode: 3 });
  });

  it('does not touch an endpoint that somebody else made', async () => {
    const { client, deployer } = server();
    const ours = await freshRequest();
    await deployer.deploy(ours, context);
    const { EndpointConfigName } = await client.send(
      new DescribeEndpointCommand({ EndpointName: ours.endpointName }),
    );
    const request = await freshRequest('green');
    await client.send(
      new CreateEndpointCommand({ EndpointName: request.endpointName, EndpointConfigName }),
    );

    await expect(deployer.check(request)).rejects.toMatchObject({ code: 'E_ENDPOINT_OWNER' });
  });

  it('refuses a configuration of a model that does not exist', async () => {
    const { client } = server();
    const variant = { VariantName: 'AllTraffic', ModelName: 'nothing', InitialInstanceCount: 1 };

    const creation = client.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: `config-${randomUUID().slice(0, 8)}`,
        ProductionVariants: [{ ...variant, InstanceType: 'ml.t2.medium' }],
      }),
    );

    await expect(creation).rejects.toMatchObject({
      name: expect.stringMatching(/^Validation/) as string,
      message: expect.stringMatching(/could not find model/i) as string,
    });
  });

  it('answers a description of nothing with a ValidationException', async () => {
    const { client } = server();

    const description = client.send(new DescribeEndpointCommand({ EndpointName: 'nothing' }));

    await expect(description).rejects.toMatchObject({
      name: expect.stringMatching(/^Validation/) as string,
      message: expect.stringMatching(/could not find endpoint/i) as string,
    });
  });
}

/** Makes an endpoint of ours on which two variants answer half of the requests each. @returns its name */
async function openSplit(client: SageMakerClient, deployer: Deployer): Promise<string> {
  const { endpointName } = await deployedRequest(deployer);
  const { EndpointConfigName } = await client.send(
    new DescribeEndpointCommand({ EndpointName: endpointName }),
  );
  const { ProductionVariants } = await client.send(
    new DescribeEndpointConfigCommand({ EndpointConfigName }),
  );
  const variants = ['AllTraffic', 'Candidate'].map((VariantName) => ({
    ...ProductionVariants![0],
    ...{ VariantName, InitialVariantWeight: 1 },
  }));
  const name = `split-${randomUUID().slice(0, 8)}`;
  await client.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: variants }),
  );
  const Tags = [{ Key: 'anneal:endpoint', Value: name }];
  await client.send(
    new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name, Tags }),
  );
  return name;
}

async function deployedRequest(deployer: Deployer): Promise<DeploymentRequest> {
  const request = await freshRequest();
  await deployer.deploy(request, context);
  return request;
}
