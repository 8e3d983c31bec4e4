// The mirror in SageMaker Model Registry, on the strict fake: rows 2 and 11 of the fault matrix hold here, too.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  markChampion,
  registerCandidate,
  sageMakerMirror,
  showModel,
  type ModelMirror,
} from '../../../../src/models/index.js';
import type { ArtifactStore } from '../../../../src/storage/index.js';
import {
  startFakeSageMaker,
  type Fault,
  type FakeSageMaker,
} from '../../../fakes/sagemaker/index.js';
import { memoryStore } from '../../../support/memory-store.js';
import { candidateOf } from '../../../support/model-candidate.js';

const NAME = 'churn-model-prod';
const IMAGE = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/anneal-serving:1';
const CREATION = ['CreateModelPackageGroup', 'CreateModelPackage'];

let fake: FakeSageMaker;
let store: ArtifactStore;
let mirror: ModelMirror;
let archived: string[];

beforeEach(async () => {
  fake = await startFakeSageMaker();
  archived = [];
  const documents = memoryStore((work) => Promise.resolve().then(work));
  store = { ...documents, localPath: (uri) => Promise.resolve(uri) };
  mirror = sageMakerMirror({
    region: 'eu-central-1',
    image: IMAGE,
    store,
    archive: ({ digest }) => {
      archived.push(digest);
      return Promise.resolve({ uri: `s3://models/${digest.replace(':', '-')}/model.tar.gz` });
    },
    clientConfig: {
      endpoint: fake.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    clock: fake.clock,
    random: () => 0.5,
  });
});
afterEach(() => fake.close());

async function push(version: number): Promise<string> {
  const model = await showModel(store, NAME);
  const chosen = model.versions.find((each) => each.version === version)!;
  const { reference } = await mirror.push(chosen, model, new AbortController().signal);
  return reference;
}

const promote = (version: number): Promise<unknown> =>
  markChampion(store, { name: NAME, version, by: 'x', cause: `promote ${version}` });

const packageAt = async (arn: string): Promise<Record<string, unknown>> =>
  (await fake.actAsOther('DescribeModelPackage', { ModelPackageName: arn })) as Record<
    string,
    unknown
  >;

describe('a version in SageMaker Model Registry', () => {
  test('is a package of the group of its model, with image, archive, digest and decision', async () => {
    await registerCandidate(store, candidateOf(NAME, 'a', { verdict: 'accepted' }));

    const arn = await push(1);

    expect(await packageAt(arn)).toMatchObject({
      ModelPackageGroupName: NAME,
      ModelPackageVersion: 1,
      ModelApprovalStatus: 'Approved',
      InferenceSpecification: {
        Containers: [
          { Image: IMAGE, ModelDataUrl: expect.stringMatching(/^s3:.*tar\.gz$/) as string },
        ],
      },
      CustomerMetadataProperties: { 'anneal-run': 'run of a', 'anneal-stage': 'candidate' },
    });
  });

  test('waits for an approval where the gate says so, and is approved once it serves', async () => {
    await registerCandidate(store, candidateOf(NAME, 'a', { verdict: 'needs_approval' }));
    const arn = await push(1);
    expect((await packageAt(arn))['ModelApprovalStatus']).toBe('PendingManualApproval');
    await registerCandidate(store, candidateOf(NAME, 'a', { verdict: 'accepted' }));
    await promote(1);

    await push(1);

    expect(await packageAt(arn)).toMatchObject({
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: { 'anneal-stage': 'champion', 'anneal-run': 'run of a' },
    });
  });

  test('is made once, however often it is pushed, and its archive with it', async () => {
    await registerCandidate(store, candidateOf(NAME, 'a'));

    const first = await push(1);
    const second = await push(1);

    expect(second).toBe(first);
    expect(fake.ledger.effects).toEqual(CREATION);
    expect(archived).toHaveLength(1);
  });

  test('is found behind many others, page by page', async () => {
    const texts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const text of texts) await registerCandidate(store, candidateOf(NAME, text));
    const arns = [];
    for (const [index] of texts.entries()) arns.push(await push(index + 1));

    expect(await push(1)).toBe(arns[0]);

    expect(new Set(arns).size).toBe(texts.length);
  });

  test('takes the stage of champion from the one before it', async () => {
    for (const text of ['a', 'b']) await registerCandidate(store, candidateOf(NAME, text));
    await promote(1);
    const first = await push(1);
    await promote(2);

    const second = await push(2);

    const stageOf = async (arn: string): Promise<unknown> =>
      (await packageAt(arn))['CustomerMetadataProperties'];
    expect(await stageOf(first)).toMatchObject({ 'anneal-stage': 'archived' });
    expect(await stageOf(second)).toMatchObject({ 'anneal-stage': 'champion' });
  });

  test('that AWS refuses is an error of this registry', async () => {
    await registerCandidate(store, candidateOf(NAME, 'a'));
    fake.faults.add({ operation: 'CreateModelPackage', kind: 'quota', times: 1 });

    await expect(push(1)).rejects.toMatchObject({ code: 'E_MODEL_REGISTRY', retryable: false });
  });
});

const FAULTS: readonly [string, Omit<Fault, 'operation'>][] = [
  ['applied, its answer lost', { kind: 'drop', applied: true, times: 1 }],
  ['cut off before it is applied, twice', { kind: 'drop', times: 2 }],
  ['throttled five times', { kind: 'throttle', times: 5 }],
  ['answered with 500 twice, not applied', { kind: 'error', times: 2 }],
  ['answered with 500, but applied', { kind: 'error', applied: true, times: 1 }],
];

describe.each(FAULTS)('a call that is %s', (_, fault) => {
  test.each([...CREATION, 'ListModelPackageGroups', 'ListModelPackages', 'DescribeModelPackage'])(
    'has one effect when it is %s of a new version',
    async (operation) => {
      await registerCandidate(store, candidateOf(NAME, 'a'));
      fake.faults.add({ operation, ...fault });

      const arn = await push(1);

      expect(fake.faults.struck).toBe(fault.times);
      expect(fake.ledger.effects).toEqual(CREATION);
      expect((await packageAt(arn))['ModelApprovalStatus']).toBe('Approved');
    },
  );

  test('leaves the right stage when it is UpdateModelPackage', async () => {
    await registerCandidate(store, candidateOf(NAME, 'a'));
    await push(1);
    await promote(1);
    fake.faults.add({ operation: 'UpdateModelPackage', ...fault });

    const arn = await push(1);

    expect(fake.faults.struck).toBe(fault.times);
    expect((await packageAt(arn))['CustomerMetadataProperties']).toMatchObject({
      'anneal-stage': 'champion',
    });
    expect(fake.ledger.effects).toEqual([...CREATION, 'UpdateModelPackage']);
  });
});
