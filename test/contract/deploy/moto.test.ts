// moto as a second opinion on wire shapes; the strict fake is the judge (fault-matrix A2).

import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createS3ArchiveUpload,
  createSageMakerDeployer,
  type SplittingDeployer,
  type UploadModelArchive,
} from '../../../src/deploy/index.js';
import { moto, startMoto, type MotoServer } from './moto-server.js';
import { cleanUpRequests, testSageMakerContract } from './sagemaker-contract.js';

const BUCKET = 'anneal-models';
const DIGEST = `sha256:${'a'.repeat(64)}`;

if ('missing' in moto) {
  console.warn(`SKIPPED: the SageMaker contract on moto, because ${moto.missing}.`);
}

describe.skipIf('missing' in moto)('moto', () => {
  let server: MotoServer;
  let client: SageMakerClient;
  let s3: S3Client;
  let deployer: SplittingDeployer;
  let upload: UploadModelArchive;
  let folder: string;

  beforeAll(async () => {
    server = await startMoto((moto as { python: string }).python);
    folder = await mkdtemp(join(tmpdir(), 'anneal-moto-'));
    const shared = {
      endpoint: server.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const s3Config = { ...shared, forcePathStyle: true };
    s3 = new S3Client(s3Config);
    await s3.send(
      new CreateBucketCommand({
        Bucket: BUCKET,
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    );
    upload = createS3ArchiveUpload({ bucket: BUCKET, clientConfig: s3Config });
    client = new SageMakerClient(shared);
    deployer = createSageMakerDeployer({
      region: 'eu-central-1',
      roleArn: 'arn:aws:iam::123456789012:role/anneal-serving',
      image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/anneal-serving:1',
      uploadModelArchive: upload,
      clientConfig: shared,
      pollMs: 100,
    });
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
    await cleanUpRequests();
  });

  testSageMakerContract(() => ({ client, deployer }));

  const packed: string[] = [];
  const uploadText = async (text: string, modelDigest = DIGEST): Promise<string> => {
    const pack = async (): Promise<string> => {
      const path = join(folder, `${packed.push(text)}.tar.gz`);
      await writeFile(path, text);
      return path;
    };
    return upload({ pack, modelDigest, signal: new AbortController().signal });
  };
  const read = async (uri: string): Promise<string> => {
    const Key = uri.slice(`s3://${BUCKET}/`.length);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return Body!.transformToString();
  };

  it('keeps the first archive of a model and answers with its address again (A4)', async () => {
    const first = await uploadText('first');

    const second = await uploadText('second');

    expect(second).toBe(first);
    expect(await read(first)).toBe('first');
    expect(packed).toEqual(['first']);
  });

  it('gives one address to many uploads of one model at once (A4)', async () => {
    const digest = `sha256:${'b'.repeat(64)}`;

    const uris = await Promise.all(Array.from({ length: 5 }, () => uploadText('same', digest)));

    expect(new Set(uris).size).toBe(1);
    expect(await read(uris[0]!)).toBe('same');
  });

  it('refuses an address that holds another model', async () => {
    const digest = `sha256:${'c'.repeat(64)}`;
    await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: `models/${digest.replace(':', '-')}/model.tar.gz`,
        Body: 'foreign',
      }),
    );

    await expect(uploadText('ours', digest)).rejects.toMatchObject({ code: 'E_ARTIFACT' });
  });

  it('uploads an archive of several parts whole', async () => {
    const path = join(folder, 'large.tar.gz');
    await writeFile(path, Buffer.alloc(12 * 2 ** 20, 'x'));
    const modelDigest = `sha256:${'d'.repeat(64)}`;

    const uri = await upload({
      pack: () => Promise.resolve(path),
      modelDigest,
      signal: new AbortController().signal,
    });

    expect(await read(uri)).toBe(await readFile(path, 'utf8'));
  });
});
