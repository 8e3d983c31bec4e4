import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import {
  createSageMakerDeployer,
  type Deployer,
  type DeploymentRequest,
  type SageMakerDeployerOptions,
  type SplittingDeployer,
} from '../../../../src/deploy/index.js';
import {
  ScriptedModelHost,
  startFakeSageMaker,
  type FakeSageMaker,
} from '../../../fakes/sagemaker/index.js';
import { writeStandInModel } from '../../../fakes/serving/model.js';

export const ROLE = 'arn:aws:iam::123456789012:role/anneal-serving';
export const IMAGE = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/anneal-serving:1';

export interface SageMakerFixture {
  readonly fake: FakeSageMaker;
  readonly deployer: SplittingDeployer;
  /** What the models in service answer. */
  readonly models: ScriptedModelHost;
  /** States reported by all deployments through `deploy`. */
  readonly states: string[];
  another(options: Partial<SageMakerDeployerOptions>): SplittingDeployer;
  /** A request for a model whose predictions are all `answer`; equal answers are equal models. */
  request(answer: string, changes?: Partial<DeploymentRequest>): Promise<DeploymentRequest>;
  deploy(request: DeploymentRequest, deployer?: Deployer): ReturnType<Deployer['deploy']>;
  /** Asks the endpoint as a customer does, once. @returns the prediction, and which variant gave it */
  ask(variant?: string): Promise<{ readonly variant?: string; readonly prediction: unknown }>;
  close(): Promise<void>;
}

/** A SageMaker deployer on the strict fake, in virtual time. */
export async function openSageMakerFixture(): Promise<SageMakerFixture> {
  const models = new ScriptedModelHost();
  const fake = await startFakeSageMaker(undefined, { host: () => models });
  const root = await mkdtemp(join(tmpdir(), 'anneal-sagemaker-'));
  const states: string[] = [];
  const another = (options: Partial<SageMakerDeployerOptions>): SplittingDeployer =>
    createSageMakerDeployer({
      region: 'eu-central-1',
      roleArn: ROLE,
      image: IMAGE,
      uploadModelArchive: ({ modelDigest }) =>
        Promise.resolve(`s3://models/${modelDigest.replace(':', '-')}/model.tar.gz`),
      clientConfig: {
        endpoint: fake.url,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      },
      clock: fake.clock,
      random: () => 0.5,
      ...options,
    });
  const deployer = another({});
  const runtime = new SageMakerRuntimeClient({
    endpoint: fake.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const writeModel = async (folder: string, answer: string) => {
    const model = await writeStandInModel(folder, { answer, sample: {}, expected: answer });
    models.answer(model.modelDigest, () => ({ prediction: answer }));
    return model;
  };
  let requests = 0;
  return {
    fake,
    models,
    deployer,
    states,
    another,
    request: async (answer, changes) => {
      requests += 1;
      return {
        deploymentId: `deployment-${requests}`,
        endpointName: 'churn-model-prod',
        instanceType: 'ml.t2.medium',
        modelUri: `runs/run-${requests}/train/1/model`,
        modelMetadata: {},
        runId: `run-${requests}`,
        ...(await writeModel(join(root, String(requests)), answer)),
        ...changes,
      };
    },
    deploy: (request, other = deployer) =>
      other.deploy(request, {
        signal: new AbortController().signal,
        progress: (state) => states.push(state),
      }),
    ask: async (variant) => {
      const { Body, InvokedProductionVariant } = await runtime.send(
        new InvokeEndpointCommand({
          EndpointName: 'churn-model-prod',
          Body: '{}',
          TargetVariant: variant,
        }),
      );
      const { predictions } = JSON.parse(Buffer.from(Body).toString()) as {
        predictions: unknown[];
      };
      return { variant: InvokedProductionVariant, prediction: predictions[0] };
    },
    close: async () => {
      runtime.destroy();
      await fake.close();
      await rm(root, { recursive: true });
    },
  };
}
