// The settings of the kubernetes runner (docs/kubernetes.md).

import { z } from 'zod';
import type { SettingVariable } from './setting-variable.js';

const text = z.string().min(1);
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/;
/** Linux keeps 65534 for "nobody" and the last id for "none". */
const MAX_USER = 4_294_967_294;

const seconds = (minimum: number, maximum: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(minimum).max(maximum));

export const KUBERNETES_VARIABLES = {
  ANNEAL_KUBERNETES_CONFIG: {
    schema: text,
    expected: 'a kubeconfig file',
    default: "`KUBECONFIG`, then `~/.kube/config`, then the worker pod's service account",
    meaning: 'How the kubernetes runner reaches its cluster.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_CONTEXT: {
    schema: text,
    expected: 'a context of the kubeconfig',
    default: 'its current context',
    meaning: 'Cluster and user of the kubernetes runner.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_NAMESPACE: {
    schema: text.regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
    expected: 'a namespace',
    default: "the context's own, else `default`",
    meaning: 'Namespace that tasks run in.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_IMAGE: {
    schema: text.regex(/^\S+$/),
    expected: 'an image reference',
    default: '`anneal-tasks:<version>`',
    meaning:
      'The anneal-tasks image as the cluster finds it: shipped components, and what moves artifacts.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_SERVICE_ACCOUNT: {
    schema: text.regex(NAME),
    expected: 'a service account',
    default: "the namespace's `default`",
    meaning: 'Service account of task pods; its role may give them S3.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_STORE_SECRET: {
    schema: text.regex(NAME),
    expected: 'a secret',
    default: 'none: the pods have a role',
    meaning:
      'Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for the containers that move artifacts.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_PULL_SECRETS: {
    schema: text.regex(/^[-a-z0-9.]+(,[-a-z0-9.]+)*$/),
    expected: 'names of secrets, separated by commas',
    default: 'none',
    meaning: 'Secrets that images are pulled with.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_S3_ENDPOINT: {
    schema: text.regex(/^https?:\/\/[^/\s@]+\/?$/),
    expected: 'the address of an S3 server, https://host:port',
    default: '`ANNEAL_S3_ENDPOINT`',
    meaning: 'S3 server as pods reach it, where that differs.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_RUN_AS: {
    schema: z.union([z.literal('image'), seconds(0, MAX_USER)]),
    expected: 'a user id, or image',
    default: '`10001`',
    meaning: 'User of task pods; `image`: whom each image names, also root.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_CPU: {
    schema: text.regex(QUANTITY),
    expected: 'a quantity, such as 500m',
    default: 'none',
    meaning: 'CPU request of tasks that ask for none.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_MEMORY: {
    schema: text.regex(QUANTITY),
    expected: 'a quantity, such as 1Gi',
    default: 'none',
    meaning: 'Memory request of tasks that ask for none.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_VOLUME_SIZE: {
    schema: text.regex(QUANTITY),
    expected: 'a quantity, such as 10Gi',
    default: 'none: such a volume is refused',
    meaning: 'Size of volumes and workspaces that name none.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_PENDING_SECONDS: {
    schema: seconds(1, 604_800),
    expected: 'seconds, 1 to 604800',
    default: '900',
    meaning: 'A pod that finds no node, image or volume for so long is given up.',
    audience: 'everyone',
  },
  ANNEAL_KUBERNETES_KEEP_SECONDS: {
    schema: seconds(60, 31_536_000),
    expected: 'seconds, 60 to 31536000',
    default: '3600',
    meaning: 'Finished Jobs are kept so long, to be looked at.',
    audience: 'everyone',
  },
} as const satisfies Record<string, SettingVariable>;
