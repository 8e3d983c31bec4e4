// What must hold before a model goes live, and how it does: the `policies` of anneal.config.ts.

import { z } from 'zod';
import { jsonList } from './json-list.js';
import { sagemakerPolicy } from './sagemaker-policy.js';

const fraction = z.number().min(0).max(1);
const MOST_HOURS = 24 * 90;
const MOST_SECONDS = 24 * 3600;

const gate = z.strictObject({
  /** Limits of recorded metrics; a tie passes. */
  metrics: z
    .array(
      z
        .strictObject({
          metric: z.string().min(1),
          atLeast: z.number().optional(),
          atMost: z.number().optional(),
        })
        .refine(
          ({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined,
          'expected atLeast or atMost',
        ),
    )
    .optional(),
  /** Better than always answering the most frequent class, beyond luck. */
  beatMajority: z.boolean().optional(),
  /** Against the model now live, on the same held-out rows. */
  champion: z.enum(['ignore', 'not_worse', 'better']).optional(),
  /** Least accuracy among the held-out rows of each value of a column. */
  segments: z
    .array(
      z.strictObject({
        column: z.string().min(1),
        atLeast: fraction,
        minRows: z.int().min(1).optional(),
      }),
    )
    .optional(),
  /** Of one prediction in the smoke test, in milliseconds. */
  latencyP95Ms: z.number().positive().optional(),
  /** Level of the one-sided tests. */
  maxPValue: z.number().gt(0).lt(0.5).optional(),
});

const approval = z.strictObject({
  timeoutHours: z.number().positive().max(MOST_HOURS).optional(),
  remindHours: z.number().positive().max(MOST_HOURS).optional(),
});

const rollout = z.strictObject({
  strategy: z.enum(['all_at_once', 'canary', 'linear']).optional(),
  stepPercent: z.number().min(1).max(50).optional(),
  stepSeconds: z.number().min(0).max(MOST_SECONDS).optional(),
  bakeSeconds: z.number().min(0).max(MOST_SECONDS).optional(),
  alarms: z
    .strictObject({
      errorRate: fraction.optional(),
      latencyP95Ms: z.number().positive().optional(),
      minRequests: z.int().min(1).optional(),
      names: z.array(z.string().min(1).max(255)).max(10).optional(),
    })
    .optional(),
});

const policy = z.strictObject({
  /** Names of endpoints, `*` for any text; default: all. The first policy that fits holds. */
  endpoints: z.array(z.string().min(1)).min(1).optional(),
  gate: gate.optional(),
  approval: approval.optional(),
  rollout: rollout.optional(),
  sagemaker: sagemakerPolicy.optional(),
});

/** One policy as it is written: what it leaves out is as in the default policy. */
export type PolicySetting = Readonly<z.output<typeof policy>>;

/** The check of ANNEAL_POLICIES: a JSON list. */
export const policiesText = jsonList(policy);
