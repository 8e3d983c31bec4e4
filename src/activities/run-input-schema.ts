import { z } from 'zod';
import { RUNNER_NAMES, type RunInput } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';

/** More runs than a person retries one by one; each costs a look-up for each task. */
const MAX_REUSED_RUNS = 20;

const schema = z.strictObject({
  pipeline: z.strictObject({
    name: z.string().min(1),
    version: z.int().positive().optional(),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{6,64}$/)
      .optional(),
  }),
  parameters: z.record(z.string(), z.json()).optional(),
  options: z
    .strictObject({
      cache: z.boolean().optional(),
      runner: z.enum(RUNNER_NAMES).optional(),
      failureBudget: z.number().nonnegative().optional(),
      baseFolder: z.string().optional(),
      deploy: z.boolean().optional(),
      reuse: z
        .strictObject({
          runs: z.array(z.string().min(1)).min(1).max(MAX_REUSED_RUNS),
          from: z.string().min(1).optional(),
        })
        .optional(),
      timeZone: z.string().optional(),
    })
    .optional(),
});

/**
 * Checks the argument of the `pipeline` workflow, whoever sent it.
 *
 * @throws E_PARAM naming the first wrong field
 */
export function checkRunInput(input: unknown): RunInput {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = ['$', ...(issue?.path ?? [])].join('.');
  throw new AnnealError(
    `The run's input is not valid: ${where}: ${issue?.message ?? 'wrong form'}.`,
    {
      code: 'E_PARAM',
      where,
      hint: 'It looks like this: {"pipeline": {"name": "ml-training-pipeline"}, "parameters": {"data_path": "data.csv"}}',
    },
  );
}
