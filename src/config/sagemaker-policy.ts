// The `sagemaker` part of a policy: how SageMaker hosts a model. Limits are those of its API.

import { z } from 'zod';

const count = z.int().min(1).max(1000);
const arnOrId = z.string().min(1).max(2048);

export const sagemakerPolicy = z.strictObject({
  /** In place of the instance type of the run. */
  instanceType: z.string().min(1).optional(),
  instanceCount: count.optional(),
  /** Serverless hosting instead of instances. */
  serverless: z
    .strictObject({
      memorySizeMb: z.int().min(1024).max(6144).multipleOf(1024),
      maxConcurrency: z.int().min(1).max(200),
    })
    .optional(),
  /** The model now live goes on answering; the candidate gets copies of requests. */
  shadow: z.strictObject({ samplingPercent: z.number().gt(0).max(100) }).optional(),
  /** The candidate answers a share of the requests, the model now live the others. */
  split: z.strictObject({ percent: z.int().min(1).max(99) }).optional(),
  dataCapture: z
    .strictObject({
      s3Uri: z
        .string()
        .regex(/^s3:\/\/[^/]+(\/.*)?$/u, 'expected s3://bucket/prefix')
        .max(512),
      percent: z.int().min(0).max(100),
      kmsKeyId: arnOrId.optional(),
    })
    .optional(),
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .refine(
      (tags) => Object.keys(tags).every((key) => !/^(aws|anneal):/u.test(key)),
      'tags that begin with aws: or anneal: are taken',
    )
    .optional(),
  /** Encrypts the disks of the instances. */
  kmsKeyId: arnOrId.optional(),
  vpc: z
    .strictObject({
      subnets: z.array(z.string().min(1).max(32)).min(1).max(16),
      securityGroups: z.array(z.string().min(1).max(32)).min(1).max(5),
    })
    .optional(),
  autoscaling: z
    .strictObject({
      min: count,
      max: count,
      /** Requests of one instance in one minute. */
      targetInvocationsPerInstance: z.number().positive(),
    })
    .refine(({ min, max }) => min <= max, 'expected min to be at most max')
    .optional(),
  /** Earlier configurations kept for a way back. */
  keepEarlier: z.int().min(0).max(100).optional(),
});
