// Where MLflow is, and how it is asked.

import { z } from 'zod';
import { secretReference } from './secret-reference.js';
import { text } from './setting-schemas.js';
import type { SettingVariable } from './setting-variable.js';

// No user name and no query: an address stands in settings, logs and errors, so it must hold no secret.
const ADDRESS = /^https?:\/\/[^\s@?#]+$/;

/** A tracking server, as a hook names it. */
export const mlflowTarget = z.strictObject({
  trackingUri: z.string().regex(ADDRESS, 'expected https://…, without user name or query'),
  /** Name of the experiment; default: the pipeline's. */
  experiment: z.string().min(1).max(500).optional(),
  /** Sent as a bearer token. */
  token: secretReference.optional(),
});

export type MlflowTarget = Readonly<z.output<typeof mlflowTarget>>;

export const MLFLOW_VARIABLES = {
  ANNEAL_MLFLOW_TRACKING_URI: {
    schema: text.regex(ADDRESS),
    expected: 'the address of an MLflow server, https://host:port',
    default: 'none: nothing is tracked',
    meaning: 'Runs and models are sent to this MLflow (docs/tracking.md).',
    audience: 'everyone',
  },
  ANNEAL_MLFLOW_EXPERIMENT: {
    schema: text.min(1).max(500),
    expected: 'the name of an experiment, up to 500 characters',
    default: "the pipeline's name",
    meaning: 'Experiment of MLflow that runs belong to.',
    audience: 'everyone',
  },
  ANNEAL_MLFLOW_TOKEN: {
    schema: secretReference,
    expected: 'a reference to a secret, such as env:NAME (docs/settings.md)',
    default: 'none',
    meaning: 'Bearer token for MLflow.',
    audience: 'everyone',
  },
} as const satisfies Record<string, SettingVariable>;
