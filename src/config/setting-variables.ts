// Every environment variable that Anneal itself reads, with its check, default and meaning.
// docs/settings.md is generated from this table; Temporal's own variables are listed there as well.

import { z } from 'zod';
import { hooksText } from './hooks.js';
import { MLFLOW_VARIABLES } from './mlflow.js';
import { policiesText } from './policies.js';
import { KUBERNETES_VARIABLES } from './kubernetes-variables.js';
import { SAGEMAKER_VARIABLES } from './sagemaker-variables.js';
import { flag, numberBetween, text } from './setting-schemas.js';
import type { SettingVariable } from './setting-variable.js';
import { TELEMETRY_VARIABLES } from './telemetry-variables.js';
import { WORKER_VARIABLES } from './worker-variables.js';

export const SETTING_VARIABLES = {
  ANNEAL_HOME: {
    schema: text,
    expected: 'a folder',
    default: '`.anneal` of the nearest parent folder that has one, else of the working directory',
    meaning: 'Folder of environments, the embedded server, logs and local artifacts.',
    audience: 'everyone',
  },
  ANNEAL_STORE: {
    schema: text.regex(/^(?!s3:)|^s3:\/\/[^/]+/),
    expected: 'a folder, or s3://bucket/prefix',
    default: '`store` in the home',
    meaning: 'Where artifacts, lineage and published pipelines are kept.',
    audience: 'everyone',
  },
  ANNEAL_IMPORT_ROOTS: {
    schema: text,
    expected: 'folders and s3://bucket/prefix, separated as in PATH',
    default: 'the folder that holds the home',
    meaning: 'Places that importers may read when the address is fixed in the pipeline.',
    audience: 'everyone',
  },
  ANNEAL_S3_ENDPOINT: {
    schema: text.regex(/^https?:\/\/[^/\s@]+\/?$/),
    expected: 'the address of an S3 server, https://host:port',
    default: 'AWS',
    meaning:
      'S3 server of the store and of importers; credentials come from the AWS variables and files.',
    audience: 'everyone',
  },
  ANNEAL_S3_REGION: {
    schema: text.regex(/^[a-z0-9-]+$/),
    expected: 'a region, such as eu-west-1',
    default: '`AWS_REGION`, then `AWS_DEFAULT_REGION`',
    meaning: "Region of the store's bucket.",
    audience: 'everyone',
  },
  ANNEAL_S3_PATH_STYLE: {
    schema: flag,
    expected: '1 or 0',
    default: '1 with an endpoint, else 0',
    meaning: 'Names the bucket in the path instead of the host name.',
    audience: 'everyone',
  },
  ANNEAL_S3_SSE: {
    schema: z.enum(['AES256', 'aws:kms']),
    expected: 'AES256 or aws:kms',
    default: "the bucket's own",
    meaning: 'Encryption that every write asks for.',
    audience: 'everyone',
  },
  ANNEAL_S3_KMS_KEY_ID: {
    schema: text,
    expected: 'id or ARN of a KMS key',
    default: "the account's own",
    meaning: 'Key for encryption aws:kms, which it implies.',
    audience: 'everyone',
  },
  ANNEAL_CACHE_GB: {
    schema: numberBetween(0, 1_000_000),
    expected: 'gigabytes, 0 or more',
    default: '20',
    meaning: 'Disk for copies of what lies in S3; copies that nobody uses go first.',
    audience: 'everyone',
  },
  ANNEAL_PYTHON: {
    schema: text,
    expected: 'a Python program, 3.10 or newer',
    default: 'the first fitting `python3` of PATH',
    meaning: 'Python that task environments are built with.',
    audience: 'everyone',
  },
  ANNEAL_PYTHON_ENV: {
    schema: text,
    expected: 'the Python program of a ready environment',
    default: 'built in the home at first use',
    meaning: 'Uses this environment and builds none.',
    audience: 'everyone',
  },
  ANNEAL_DEV_PYTHON: {
    schema: text,
    expected: 'the Python program of an environment with the full KFP SDK',
    default: 'built in the home when it is first needed',
    meaning: 'Compiles pipelines written in Python.',
    audience: 'everyone',
  },
  ANNEAL_TEMPORAL_CLI: {
    schema: text,
    expected: 'the path of a `temporal` program',
    default: "the environment's own",
    meaning: 'Temporal CLI that runs the embedded server.',
    audience: 'everyone',
  },
  ANNEAL_RUNNER: {
    schema: z.enum(['process', 'docker', 'kubernetes', 'sagemaker']),
    expected: 'process, docker, kubernetes or sagemaker',
    default: '`process`',
    meaning: 'Where the tasks of runs are carried out that name no runner.',
    flag: '--runner',
    audience: 'everyone',
  },
  ANNEAL_TASKS_IMAGE: {
    schema: text.regex(/^[^\s]+$/),
    expected: 'an image reference',
    default: 'the image that the components name, `anneal-tasks:<version>`',
    meaning: "Image of this project's own components, where tasks run in containers.",
    audience: 'everyone',
  },
  ANNEAL_DOCKER_NETWORK: {
    schema: text.regex(/^(?!host$)[a-zA-Z0-9][a-zA-Z0-9_.-]*$/),
    expected: 'auto, none, bridge, or the name of a network of the daemon (not host)',
    default: '`auto`: bridge for tasks that install packages or ask for it, none for all others',
    meaning: 'Network of the containers of runner docker.',
    audience: 'everyone',
  },
  ANNEAL_DOCKER_PULL: {
    schema: z.enum(['missing', 'always', 'never']),
    expected: 'missing, always or never',
    default: '`missing`',
    meaning: 'When runner docker asks a registry for an image.',
    audience: 'everyone',
  },
  ...WORKER_VARIABLES,
  ANNEAL_DEPLOY_TARGET: {
    schema: z.enum(['local', 'sagemaker']),
    expected: 'local or sagemaker',
    default: '`local`',
    meaning: 'Where models that clear the gate are served.',
    audience: 'everyone',
  },
  ...SAGEMAKER_VARIABLES,
  ANNEAL_HOOKS: {
    schema: hooksText,
    expected: 'a JSON list of hooks (docs/events.md)',
    default: 'none',
    meaning: 'Who is told of what happens to runs.',
    audience: 'everyone',
  },
  ...MLFLOW_VARIABLES,
  ANNEAL_POLICIES: {
    schema: policiesText,
    expected: 'a JSON list of policies (docs/policies.md)',
    default: 'none: the default policy',
    meaning: 'What must hold before a model goes live, and how it does.',
    audience: 'everyone',
  },
  ...KUBERNETES_VARIABLES,
  ANNEAL_HEARTBEAT_SECONDS: {
    schema: numberBetween(1, 3600),
    expected: 'seconds, 1 to 3600',
    default: '10 with the embedded server, 30 with a cluster',
    meaning: 'A running task whose worker is silent for so long is given to another worker.',
    audience: 'everyone',
  },
  ANNEAL_ORPHAN_SECONDS: {
    schema: numberBetween(1, 86_400),
    expected: 'seconds, 1 to 86400',
    default: '120',
    meaning: "A task's process waits so long for a new worker after its own died, then ends.",
    audience: 'everyone',
  },
  ...TELEMETRY_VARIABLES,
  ANNEAL_DEBUG: {
    schema: flag,
    expected: '1 or 0',
    default: '0',
    meaning: 'Shows errors with their stack.',
    flag: '--debug',
    audience: 'everyone',
  },
  ANNEAL_CHECKPOINT_DIR: {
    schema: text,
    expected: 'a folder',
    default: 'set for tasks of SageMaker training jobs',
    meaning: 'Folder that outlives an interrupted try of a task.',
    audience: 'tasks',
  },
  ANNEAL_EMBEDDED: {
    schema: flag,
    expected: '1 or 0',
    default: 'set for the worker of the embedded server',
    meaning:
      'The worker is the only one of its server: no other machine could take what is too large for this one.',
    audience: 'tasks',
  },
  ANNEAL_EXECUTION: {
    schema: text,
    expected: 'the token of an execution',
    default: 'set for each task',
    meaning: "Marks a task's processes as its own.",
    audience: 'tasks',
  },
  ANNEAL_ERROR_FILE: {
    schema: text,
    expected: 'a file',
    default: 'set for each task',
    meaning: 'Where a task says why it failed.',
    audience: 'tasks',
  },
  ANNEAL_TEST_PYTHON: {
    schema: text,
    expected: 'the Python program of the base environment',
    default: 'set by `npm test`',
    meaning: 'Real Python and Temporal CLI for the tests that need them.',
    audience: 'tests',
  },
  ANNEAL_TEST_UV: {
    schema: text,
    expected: 'a `uv` program',
    default: 'set by `npm test`',
    meaning: 'uv for the tests that build environments.',
    audience: 'tests',
  },
  ANNEAL_TEST_VERSITYGW: {
    schema: flag,
    expected: '1',
    default: 'set by `npm run test:store`',
    meaning: 'Tests the S3 store on versitygw, too, which is built with Go.',
    audience: 'tests',
  },
  ANNEAL_TEST_CONTROL_PLANE: {
    schema: text,
    expected: 'the program that `npm run test:kubernetes` builds',
    default: 'none: those tests are skipped',
    meaning: 'Real Kubernetes API server for the tests that need one.',
    audience: 'tests',
  },
  ANNEAL_SUITES: {
    schema: text,
    expected: 'names of optional suites, separated by commas',
    default: 'none',
    meaning: 'Optional tests that run too: `long`, `cluster`.',
    audience: 'tests',
  },
  ANNEAL_FAULT: {
    schema: text,
    expected: 'a fault point and what happens there',
    default: 'none',
    meaning: 'Injects one fault into a worker.',
    audience: 'tests',
  },
  ANNEAL_SEED: {
    schema: text,
    expected: 'a number',
    default: 'drawn and printed',
    meaning: 'Replays a seeded test.',
    audience: 'tests',
  },
} as const satisfies Record<string, SettingVariable>;

export type SettingName = keyof typeof SETTING_VARIABLES;
