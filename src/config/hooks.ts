// What is told to the world about runs, and where: the `hooks` of anneal.config.ts.

import { z } from 'zod';
import { jsonList } from './json-list.js';
import { mlflowTarget } from './mlflow.js';
import { parseSecretReference, SECRET_FORMS, secretReference } from './secret-reference.js';

const EVENT =
  /^(\*|run\.(\*|started|succeeded|failed|canceled)|deployment\.(\*|[a-z_]+)|approval\.(\*|requested|reminder|given|rejected|timed_out))$/;
const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
const address = z
  .string()
  .refine(
    (text) => isWebAddress(text) || parseSecretReference(text) !== undefined,
    `expected https://… or ${SECRET_FORMS}`,
  );

const hook = z
  .strictObject({
    /** Events: `run.failed`, `run.*`, `deployment.promoted`, `approval.requested`, `*`. */
    on: z
      .array(z.string().regex(EVENT, 'expected run.failed, run.*, deployment.*, approval.* or *'))
      .min(1),
    /** Names of pipelines, `*` for any text; default: all. */
    pipelines: z.array(z.string().min(1)).min(1).optional(),
    /** A signed POST of the event as CloudEvents JSON. */
    webhook: z.strictObject({ url: address, secret: secretReference.optional() }).optional(),
    /** A message to a Slack-compatible incoming webhook; its address is a secret. */
    slack: z.strictObject({ url: secretReference }).optional(),
    /** Program and arguments, run by the worker with the event as JSON on its input. */
    command: z.array(z.string()).min(1).optional(),
    /** A tracking server that gets the run's parameters, metrics and models. */
    mlflow: mlflowTarget.optional(),
  })
  .refine(
    ({ webhook, slack, command, mlflow }) =>
      [webhook, slack, command, mlflow].filter((target) => target !== undefined).length === 1,
    'expected one of webhook, slack, command and mlflow',
  );

/** One destination of events. */
export type Hook = Readonly<z.output<typeof hook>>;

/** The check of ANNEAL_HOOKS: a JSON list. */
export const hooksText = jsonList(hook);
