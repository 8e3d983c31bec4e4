// Reads the settings: environment variables, checked against one table, then defaults.

import path from 'node:path';
import { configErrors } from '../errors/index.js';
import { canonicalJson, closestMatch, plainJson } from '../util/index.js';
import type { ConfigFile } from './config-file.js';
import { configKey } from './config-keys.js';
import { readEnvironment, type Environment } from './environment.js';
import { deepFreeze } from './deep-freeze.js';
import { findHome } from './find-home.js';
import type { Hook } from './hooks.js';
import type { MlflowTarget } from './mlflow.js';
import { SETTING_VARIABLES, type SettingName } from './setting-variables.js';
import type {
  DeploySettings,
  KubernetesSettings,
  S3Settings,
  SageMakerJobsSettings,
  Settings,
  TelemetrySettings,
  TemporalSettings,
  WorkerSettings,
} from './settings.js';
import { parseMetricsAddress } from './metrics-address.js';
import { isTraced } from './trace-variables.js';
import { isPlaintextRemote, loadTemporalSettings } from './temporal-settings.js';

export interface LoadSettingsOptions {
  /** Folder that relative paths refer to and the search for a home starts at; default the working directory. */
  readonly cwd?: string;
  /** Settings of a file: those that the environment does not have. */
  readonly config?: ConfigFile;
}

type SettingValue<Name extends SettingName> = (typeof SETTING_VARIABLES)[Name]['schema'] extends {
  _output: infer Value;
}
  ? Value
  : never;
type SettingValues = { readonly [Name in SettingName]?: SettingValue<Name> };

// A worker of the embedded server is restarted in about two seconds; a cluster's may be a machine away.
const HEARTBEAT_SECONDS = { embedded: 10, cluster: 30 } as const;
const ORPHAN_SECONDS = 120;
// As the SageMaker Python SDK takes when nothing is said.
const JOB_VOLUME_GB = 30;
const JOB_POLL_SECONDS = 15;
/** The user of the anneal-tasks image. */
const TASK_USER = 10_001;
/** A new node of an autoscaled pool takes some minutes. */
const PENDING_SECONDS = 900;
const KEEP_SECONDS = 3600;
const CACHE_GB = 20;

/**
 * Reads and checks all settings: the environment's, then the file's, then defaults.
 *
 * @param source  process environment; ANNEAL_*, TEMPORAL_* and the AWS region are read
 * @returns one frozen object with absolute paths
 * @throws E_CONFIG for an unknown ANNEAL_ variable, a wrong value, or unusable Temporal configuration
 */
export function loadSettings(
  source: NodeJS.ProcessEnv,
  options: LoadSettingsOptions = {},
): Settings {
  const cwd = path.resolve(options.cwd ?? '.');
  const environment = readEnvironment(source);
  const values = { ...checkFile(options.config), ...checkVariables(environment) };
  // Relative paths start where they are written (F2 of config-file.ts).
  const baseOf = (name: SettingName): string =>
    options.config !== undefined && environment[name] === undefined && name in values
      ? path.dirname(options.config.path)
      : cwd;
  const home = values.ANNEAL_HOME
    ? path.resolve(baseOf('ANNEAL_HOME'), values.ANNEAL_HOME)
    : findHome(cwd, options.config && path.dirname(options.config.path));
  const projectFolder = path.dirname(home);
  const temporal = loadTemporalSettings(environment);
  const mlflow = resolveMlflow(values);
  return deepFreeze<Settings>({
    home,
    projectFolder,
    store: resolveStore(values.ANNEAL_STORE, home, baseOf('ANNEAL_STORE')),
    importRoots: resolveRoots(
      values.ANNEAL_IMPORT_ROOTS,
      projectFolder,
      baseOf('ANNEAL_IMPORT_ROOTS'),
    ),
    python: resolveProgram(values.ANNEAL_PYTHON, baseOf('ANNEAL_PYTHON')),
    pythonEnvironment: resolveProgram(values.ANNEAL_PYTHON_ENV, baseOf('ANNEAL_PYTHON_ENV')),
    devPython: resolveProgram(values.ANNEAL_DEV_PYTHON, baseOf('ANNEAL_DEV_PYTHON')),
    temporalCli: resolveProgram(values.ANNEAL_TEMPORAL_CLI, baseOf('ANNEAL_TEMPORAL_CLI')),
    s3: resolveS3(values, environment),
    cacheFolder: path.join(home, 'cache'),
    cacheBytes: (values.ANNEAL_CACHE_GB ?? CACHE_GB) * 1e9,
    temporal,
    runner: values.ANNEAL_RUNNER ?? 'process',
    tasksImage: values.ANNEAL_TASKS_IMAGE,
    docker: {
      network: values.ANNEAL_DOCKER_NETWORK ?? 'auto',
      pull: values.ANNEAL_DOCKER_PULL ?? 'missing',
    },
    taskQueue: values.ANNEAL_TASK_QUEUE ?? 'anneal',
    worker: resolveWorker(values, temporal),
    deploy: resolveDeploy(values, environment),
    hooks: resolveHooks(values.ANNEAL_HOOKS ?? [], mlflow),
    ...(mlflow && { mlflow }),
    policies: values.ANNEAL_POLICIES ?? [],
    sagemakerJobs: resolveSageMakerJobs(values, environment),
    kubernetes: resolveKubernetes(values, baseOf('ANNEAL_KUBERNETES_CONFIG')),
    heartbeatSeconds: values.ANNEAL_HEARTBEAT_SECONDS ?? HEARTBEAT_SECONDS[temporal.mode],
    orphanSeconds: values.ANNEAL_ORPHAN_SECONDS ?? ORPHAN_SECONDS,
    telemetry: resolveTelemetry(values, environment),
    debug: values.ANNEAL_DEBUG ?? false,
    warnings: findRisks(temporal),
  });
}

function checkVariables(environment: Environment): SettingValues {
  const known = Object.keys(SETTING_VARIABLES);
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(environment).filter((key) => key.startsWith('ANNEAL_'))) {
    if (!Object.hasOwn(SETTING_VARIABLES, name)) {
      throw configErrors.settingUnknown(name, closestMatch(name, known), known);
    }
    const { schema, expected } = SETTING_VARIABLES[name as SettingName];
    const checked = schema.safeParse(environment[name]);
    if (!checked.success) throw configErrors.settingInvalid(name, environment[name]!, expected);
    values[name] = checked.data;
  }
  return values;
}

function checkFile(config: ConfigFile | undefined): SettingValues {
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(config?.values ?? {})) {
    const { schema, expected } = SETTING_VARIABLES[name as SettingName];
    const checked = schema.safeParse(text);
    if (!checked.success) {
      const where = `${config!.path}: ${configKey(name)}`;
      throw configErrors.settingInvalid(name, text, expected, where);
    }
    values[name] = checked.data;
  }
  return values;
}

function resolveStore(store: string | undefined, home: string, cwd: string): string {
  if (store === undefined) return path.join(home, 'store');
  return store.startsWith('s3://') ? store.replace(/\/+$/, '') : path.resolve(cwd, store);
}

function resolveRoots(roots: string | undefined, fallback: string, cwd: string): string[] {
  if (roots === undefined) return [fallback];
  return splitRoots(roots).map((root) =>
    root.startsWith('s3://') ? root.replace(/\/+$/, '') : path.resolve(cwd, root),
  );
}

/** Where PATH's separator is a colon, the one of `s3://` separates nothing. */
function splitRoots(roots: string): string[] {
  const separator = path.delimiter === ':' ? /(?<!(?:^|:)s3):/ : path.delimiter;
  return roots.split(separator).filter(Boolean);
}

function resolveS3(values: SettingValues, environment: Environment): S3Settings {
  const kmsKeyId = values.ANNEAL_S3_KMS_KEY_ID;
  const encryption = values.ANNEAL_S3_SSE ?? (kmsKeyId === undefined ? undefined : 'aws:kms');
  if (kmsKeyId !== undefined && encryption !== 'aws:kms') {
    throw configErrors.settingInvalid(
      'ANNEAL_S3_SSE',
      'AES256',
      'aws:kms with ANNEAL_S3_KMS_KEY_ID',
    );
  }
  return {
    endpoint: values.ANNEAL_S3_ENDPOINT?.replace(/\/$/, ''),
    region:
      values.ANNEAL_S3_REGION ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'],
    pathStyle: values.ANNEAL_S3_PATH_STYLE,
    encryption,
    kmsKeyId,
  };
}

/** A bare word is looked up on PATH later; anything with a slash is a path. */
function resolveProgram(program: string | undefined, cwd: string): string | undefined {
  return program?.includes('/') ? path.resolve(cwd, program) : program;
}

function resolveSageMakerJobs(
  values: SettingValues,
  environment: Environment,
): SageMakerJobsSettings {
  return {
    region: sageMakerRegion(values, environment),
    roleArn: values.ANNEAL_SAGEMAKER_JOB_ROLE ?? values.ANNEAL_SAGEMAKER_ROLE,
    tasksImage: values.ANNEAL_SAGEMAKER_JOB_IMAGE,
    instanceType: values.ANNEAL_SAGEMAKER_JOB_INSTANCE,
    volumeGb: Math.round(values.ANNEAL_SAGEMAKER_JOB_VOLUME_GB ?? JOB_VOLUME_GB),
    kmsKeyId: values.ANNEAL_SAGEMAKER_JOB_KMS_KEY,
    subnets: values.ANNEAL_SAGEMAKER_JOB_SUBNETS?.split(',') ?? [],
    securityGroups: values.ANNEAL_SAGEMAKER_JOB_SECURITY_GROUPS?.split(',') ?? [],
    isIsolated: values.ANNEAL_SAGEMAKER_JOB_ISOLATED ?? false,
    pollSeconds: values.ANNEAL_SAGEMAKER_POLL_SECONDS ?? JOB_POLL_SECONDS,
  };
}

function sageMakerRegion(values: SettingValues, environment: Environment): string | undefined {
  return (
    values.ANNEAL_SAGEMAKER_REGION ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION']
  );
}

function resolveWorker(values: SettingValues, { mode }: TemporalSettings): WorkerSettings {
  const isEmbedded = mode === 'embedded' || values.ANNEAL_EMBEDDED === true;
  return {
    roles: values.ANNEAL_WORKER_ROLES ?? ['orchestration', 'cpu', 'gpu', 'deploy'],
    cpus: values.ANNEAL_WORKER_CPUS,
    memoryBytes: values.ANNEAL_WORKER_MEMORY,
    accelerators: values.ANNEAL_WORKER_GPUS,
    // Ctrl-C ends everything that the embedded service started.
    drain: isEmbedded ? 'end' : (values.ANNEAL_DRAIN ?? 'hand-over'),
    drainSeconds: isEmbedded ? 0 : (values.ANNEAL_DRAIN_SECONDS ?? 0),
    versioning: values.ANNEAL_WORKER_VERSIONING === 'on',
    build: values.ANNEAL_WORKER_BUILD,
    isEmbedded,
  };
}

function resolveDeploy(values: SettingValues, environment: Environment): DeploySettings {
  return {
    target: values.ANNEAL_DEPLOY_TARGET ?? 'local',
    sagemaker: {
      role: values.ANNEAL_SAGEMAKER_ROLE,
      image: values.ANNEAL_SAGEMAKER_IMAGE,
      bucket: values.ANNEAL_SAGEMAKER_BUCKET,
      region: sageMakerRegion(values, environment),
    },
  };
}

function resolveMlflow(values: SettingValues): MlflowTarget | undefined {
  const trackingUri = values.ANNEAL_MLFLOW_TRACKING_URI?.replace(/\/+$/, '');
  const { ANNEAL_MLFLOW_EXPERIMENT: experiment, ANNEAL_MLFLOW_TOKEN: token } = values;
  if (trackingUri === undefined) return undefined;
  return { trackingUri, ...(experiment && { experiment }), ...(token && { token }) };
}

/** Tracking is a hook like others; a worker inherits it among the hooks, too. */
function resolveHooks(hooks: readonly Hook[], mlflow: MlflowTarget | undefined): readonly Hook[] {
  if (mlflow === undefined) return hooks;
  const tracking: Hook = { on: ['run.*'], mlflow };
  const written = (hook: Hook): string => canonicalJson(plainJson(hook));
  const isListed = hooks.some((hook) => written(hook) === written(tracking));
  return isListed ? hooks : [...hooks, tracking];
}

function resolveKubernetes(values: SettingValues, cwd: string): KubernetesSettings {
  const config = values.ANNEAL_KUBERNETES_CONFIG;
  return {
    config: config === undefined ? undefined : path.resolve(cwd, config),
    context: values.ANNEAL_KUBERNETES_CONTEXT,
    namespace: values.ANNEAL_KUBERNETES_NAMESPACE,
    image: values.ANNEAL_KUBERNETES_IMAGE,
    serviceAccount: values.ANNEAL_KUBERNETES_SERVICE_ACCOUNT,
    storeSecret: values.ANNEAL_KUBERNETES_STORE_SECRET,
    pullSecrets: values.ANNEAL_KUBERNETES_PULL_SECRETS?.split(',') ?? [],
    s3Endpoint: values.ANNEAL_KUBERNETES_S3_ENDPOINT?.replace(/\/$/, ''),
    runAs: values.ANNEAL_KUBERNETES_RUN_AS ?? TASK_USER,
    cpu: values.ANNEAL_KUBERNETES_CPU,
    memory: values.ANNEAL_KUBERNETES_MEMORY,
    volumeSize: values.ANNEAL_KUBERNETES_VOLUME_SIZE,
    pendingSeconds: values.ANNEAL_KUBERNETES_PENDING_SECONDS ?? PENDING_SECONDS,
    keepSeconds: values.ANNEAL_KUBERNETES_KEEP_SECONDS ?? KEEP_SECONDS,
  };
}

function resolveTelemetry(values: SettingValues, environment: Environment): TelemetrySettings {
  return {
    logLevel: values.ANNEAL_LOG_LEVEL ?? (values.ANNEAL_DEBUG ? 'debug' : 'info'),
    logFormat: values.ANNEAL_LOG_FORMAT,
    metrics: parseMetricsAddress(values.ANNEAL_METRICS_ADDRESS ?? ''),
    isTraced: isTraced(environment),
  };
}

function findRisks(temporal: TemporalSettings): string[] {
  if (temporal.mode === 'embedded' || !isPlaintextRemote(temporal.connection)) return [];
  return [
    `The connection to Temporal at ${temporal.connection.address} is not encrypted: ` +
      'pipelines, parameters and results can be read on the network. Set TEMPORAL_TLS=true or a profile with TLS.',
  ];
}
