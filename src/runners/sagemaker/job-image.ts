// Which image a job runs, and by what digest it is known.
//
// M1. SageMaker pulls from ECR only; `anneal-tasks` is mapped to the worker's setting.
// M2. A tag is resolved to its digest before the job is made, and the job gets the digest: what ran is what was
//     recorded. A worker that may not ask ECR goes by the reference as it is written, tag and all.

import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { awsFailureOf } from '../../aws/index.js';
import { jobImageRefused } from '../../errors/jobs.js';

const ECR =
  /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9][a-z0-9._/-]*?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;
const TASKS_IMAGE = 'anneal-tasks';
/** API model: ImageUri. */
const MAX_LENGTH = 255;
const KNOWN_MS = 60_000;

export interface JobImages {
  /** The reference that a job gets for an image of a pipeline (M1, M2). @throws E_IMAGE */
  resolve(image: string): Promise<string>;
}

/** Resolves images, asking ECR at most once a minute for each. */
export function openJobImages(options: {
  readonly tasksImage?: string;
  readonly client: ECRClient;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): JobImages {
  const known = new Map<string, { readonly sinceMs: number; readonly image: Promise<string> }>();
  return {
    resolve: (image) => {
      const entry = known.get(image);
      if (entry !== undefined && options.now() - entry.sinceMs < KNOWN_MS) return entry.image;
      const resolved = pinned(reference(image, options.tasksImage), options.client);
      known.set(image, { sinceMs: options.now(), image: resolved });
      resolved.catch(() => known.delete(image));
      return resolved;
    },
  };
}

/** Digest of a reference that was pinned; undefined where only a tag is known. */
export function digestOfImage(image: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
}

function reference(image: string, tasksImage: string | undefined): string {
  const name = image.split('@')[0]!.split('/').at(-1)!.split(':')[0];
  if (ECR.test(image)) return image;
  if (name === TASKS_IMAGE) {
    if (tasksImage !== undefined && ECR.test(tasksImage)) return tasksImage;
    const hint = 'Push the image of python-tasks to ECR and set ANNEAL_SAGEMAKER_JOB_IMAGE to it.';
    const reason =
      tasksImage === undefined
        ? 'no image in ECR is set for it'
        : `"${tasksImage}" is not an image in ECR`;
    throw jobImageRefused(image, reason, hint);
  }
  throw jobImageRefused(
    image,
    'SageMaker pulls images from ECR only',
    'Copy it to ECR, or use a pull-through cache, and name it 123456789012.dkr.ecr.eu-central-1.amazonaws.com/….',
  );
}

async function pinned(image: string, client: ECRClient): Promise<string> {
  const [, registryId, , repositoryName, imageTag = 'latest', digest] = ECR.exec(image)!;
  const repository = image.slice(0, image.indexOf(repositoryName!) + repositoryName!.length);
  if (digest !== undefined) return short(`${repository}@${digest}`, image);
  try {
    const { imageDetails } = await client.send(
      new DescribeImagesCommand({ registryId, repositoryName, imageIds: [{ imageTag }] }),
    );
    const found = imageDetails?.[0]?.imageDigest;
    return short(found === undefined ? image : `${repository}@${found}`, image);
  } catch (error) {
    const { name } = error as Error;
    if (name === 'ImageNotFoundException' || name === 'RepositoryNotFoundException') {
      throw jobImageRefused(
        image,
        'there is no such image in ECR',
        'Push it, or correct its name.',
      );
    }
    if (awsFailureOf(error) === undefined) throw error;
    return image; // M2
  }
}

function short(image: string, otherwise: string): string {
  return image.length <= MAX_LENGTH ? image : otherwise;
}
