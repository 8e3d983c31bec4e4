// The mirror in SageMaker Model Registry against AWS's own rules for requests, and against moto.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  markChampion,
  registerCandidate,
  sageMakerMirror,
  showModel,
} from '../../../src/models/index.js';
import { packageInput } from '../../../src/models/sagemaker/model-package.js';
import { AWS_API, checkOf } from '../../fakes/sagemaker/index.js';
import { memoryStore } from '../../support/memory-store.js';
import { candidateOf } from '../../support/model-candidate.js';
import { moto, startMoto, type MotoServer } from './moto-server.js';

const NAME = 'churn-model-prod';
const IMAGE = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/anneal-serving:1';
const python = 'python' in moto ? moto.python : undefined;
const openStore = () => ({
  ...memoryStore((work) => Promise.resolve().then(work)),
  localPath: (uri: string) => Promise.resolve(uri),
});

describe.skipIf(python === undefined)('a version as a package of SageMaker', () => {
  let server: MotoServer;
  beforeAll(async () => {
    server = await startMoto(python!);
  });
  afterAll(() => server?.close());

  test('is a request that AWS’s API model takes, whatever its metrics are called', async () => {
    const store = openStore();
    await registerCandidate(store, candidateOf(NAME, 'a', { reason: 'x'.repeat(2000) }));
    const [version] = (await showModel(store, NAME)).versions;
    const metrics = Object.fromEntries(
      Array.from({ length: 80 }, (_, index) => [`t.f1 {"${index}"} ${'m'.repeat(200)}`, index / 7]),
    );
    const check = checkOf(AWS_API.sagemaker);

    const input = packageInput({ ...version!, metrics }, IMAGE, { uri: 's3://m/a/model.tar.gz' });

    expect(() => check('CreateModelPackage', input)).not.toThrow();
    expect(Object.keys(input.CustomerMetadataProperties!)).toHaveLength(50);
  });

  test('is made, found again and approved by moto, too', async () => {
    const store = openStore();
    await registerCandidate(store, candidateOf(NAME, 'a', { verdict: 'needs_approval' }));
    const mirror = sageMakerMirror({
      ...{ region: 'eu-central-1', image: IMAGE, store },
      archive: () => Promise.resolve({ uri: 's3://models/a/model.tar.gz' }),
      clientConfig: {
        endpoint: server.url,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      },
    });
    const push = async (): Promise<string> => {
      const model = await showModel(store, NAME);
      const signal = new AbortController().signal;
      return (await mirror.push(model.versions[0]!, model, signal)).reference;
    };

    const first = await push();
    await registerCandidate(store, candidateOf(NAME, 'a', { verdict: 'accepted' }));
    await markChampion(store, { name: NAME, version: 1, by: 'x', cause: 'p' });

    expect(await push()).toBe(first);
  });
});
