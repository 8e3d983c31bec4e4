// The settings of workers (docs/workers.md).

import { z } from 'zod';
import { numberBetween, text } from './setting-schemas.js';
import type { SettingVariable } from './setting-variable.js';

const QUANTITY = /^(\d+(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/;
const QUANTITY_BYTES: Readonly<Record<string, number>> = {
  ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};
const bytes = text.regex(QUANTITY).transform((value) => {
  const [, amount, unit = ''] = QUANTITY.exec(value)!;
  return Math.round(Number(amount) * (QUANTITY_BYTES[unit] ?? 1));
});

const ROLES = ['orchestration', 'cpu', 'gpu', 'deploy'] as const;
const roles = text
  .transform((value) => value.split(',').map((word) => word.trim()))
  .pipe(z.array(z.enum(ROLES)).min(1));

export const WORKER_VARIABLES = {
  ANNEAL_TASK_QUEUE: {
    schema: text.regex(/^[A-Za-z][A-Za-z0-9_-]{0,99}$/),
    expected: 'letters, digits, "-" and "_", at most 100',
    default: '`anneal`',
    meaning:
      'Base of the Temporal task queues: runs are started on it, pools of workers add `-cpu`, `-gpu`, `-deploy`.',
    audience: 'everyone',
  },
  ANNEAL_WORKER_ROLES: {
    schema: roles,
    expected: 'orchestration, cpu, gpu and deploy, separated by commas',
    default: 'all of them',
    meaning: 'What a worker takes from the task queues (`anneal worker --roles`).',
    audience: 'everyone',
  },
  ANNEAL_WORKER_CPUS: {
    schema: numberBetween(0.1, 4096),
    expected: 'cores, 0.1 to 4096',
    default: "the machine's, or its container's",
    meaning: 'Cores that the tasks of one worker may ask for together.',
    audience: 'everyone',
  },
  ANNEAL_WORKER_MEMORY: {
    schema: bytes,
    expected: 'an amount of memory: 512Mi, 8Gi, 16G',
    default: "the machine's, or its container's",
    meaning: 'Memory that the tasks of one worker may ask for together.',
    audience: 'everyone',
  },
  ANNEAL_WORKER_GPUS: {
    schema: numberBetween(0, 64).pipe(z.int()),
    expected: 'a whole number, 0 to 64',
    default: 'the NVIDIA devices of the machine',
    meaning: 'Accelerators that the tasks of one worker may ask for together.',
    audience: 'everyone',
  },
  ANNEAL_DRAIN: {
    schema: z.enum(['hand-over', 'end']),
    expected: 'hand-over or end',
    default: '`hand-over`; the embedded server always ends them',
    meaning:
      'What a worker of a cluster that is told to stop does with its tasks: they go on without it, or end and start afresh elsewhere.',
    audience: 'everyone',
  },
  ANNEAL_DRAIN_SECONDS: {
    schema: numberBetween(0, 86_400),
    expected: 'seconds, 0 to 86400',
    default: '0',
    meaning:
      'How long a worker of a cluster that is told to stop first lets its tasks come to their end.',
    audience: 'everyone',
  },
  ANNEAL_WORKER_VERSIONING: {
    schema: z.enum(['on', 'off']),
    expected: 'on or off',
    default: '`off`',
    meaning:
      'Workers belong to a Worker Deployment: runs stay with the version that they were started on.',
    audience: 'everyone',
  },
  ANNEAL_WORKER_BUILD: {
    schema: text.regex(/^[A-Za-z0-9._-]{1,100}$/),
    expected: 'letters, digits, ".", "_" and "-", at most 100',
    default: 'the digest of the built files',
    meaning: "Build id of a worker's version.",
    audience: 'everyone',
  },
} as const satisfies Record<string, SettingVariable>;
