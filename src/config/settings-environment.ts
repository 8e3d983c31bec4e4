import path from 'node:path';
import { metricsAddressText } from './metrics-address.js';
import type { SettingName } from './setting-variables.js';
import type { Settings } from './settings.js';

/** ANNEAL_ variables under which another process loads the same settings, whatever its working directory. */
export type SettingsEnvironment = Partial<Record<SettingName, string>>;

/** Writes settings as environment variables; Temporal's own variables are not among them. */
export function settingsEnvironment(settings: Settings): SettingsEnvironment {
  const { sagemakerJobs, deploy, kubernetes, s3, worker, mlflow, telemetry } = settings;
  const variables: Record<string, string | undefined> & SettingsEnvironment = {
    ANNEAL_HOME: settings.home,
    ANNEAL_STORE: settings.store,
    ANNEAL_IMPORT_ROOTS: settings.importRoots.join(path.delimiter),
    ANNEAL_S3_ENDPOINT: s3.endpoint,
    ANNEAL_S3_REGION: s3.region,
    ANNEAL_S3_PATH_STYLE: s3.pathStyle === undefined ? undefined : s3.pathStyle ? '1' : '0',
    ANNEAL_S3_SSE: s3.encryption,
    ANNEAL_S3_KMS_KEY_ID: s3.kmsKeyId,
    ANNEAL_CACHE_GB: String(settings.cacheBytes / 1e9),
    ANNEAL_PYTHON: settings.python,
    ANNEAL_PYTHON_ENV: settings.pythonEnvironment,
    ANNEAL_TEMPORAL_CLI: settings.temporalCli,
    ANNEAL_RUNNER: settings.runner,
    ANNEAL_TASKS_IMAGE: settings.tasksImage,
    ANNEAL_DOCKER_NETWORK: settings.docker.network,
    ANNEAL_DOCKER_PULL: settings.docker.pull,
    ANNEAL_TASK_QUEUE: settings.taskQueue,
    ANNEAL_WORKER_ROLES: worker.roles.join(','),
    ANNEAL_WORKER_CPUS: worker.cpus?.toString(),
    ANNEAL_WORKER_MEMORY: worker.memoryBytes?.toString(),
    ANNEAL_WORKER_GPUS: worker.accelerators?.toString(),
    ANNEAL_DRAIN: worker.drain,
    ANNEAL_DRAIN_SECONDS: String(worker.drainSeconds),
    ANNEAL_WORKER_VERSIONING: worker.versioning ? 'on' : 'off',
    ANNEAL_WORKER_BUILD: worker.build,
    ANNEAL_EMBEDDED: worker.isEmbedded ? '1' : '0',
    ANNEAL_DEPLOY_TARGET: deploy.target,
    ANNEAL_SAGEMAKER_ROLE: deploy.sagemaker.role,
    ANNEAL_SAGEMAKER_IMAGE: deploy.sagemaker.image,
    ANNEAL_SAGEMAKER_BUCKET: deploy.sagemaker.bucket,
    ANNEAL_SAGEMAKER_REGION: deploy.sagemaker.region,
    ANNEAL_HOOKS: settings.hooks.length === 0 ? undefined : JSON.stringify(settings.hooks),
    ANNEAL_MLFLOW_TRACKING_URI: mlflow?.trackingUri,
    ANNEAL_MLFLOW_EXPERIMENT: mlflow?.experiment,
    ANNEAL_MLFLOW_TOKEN: mlflow?.token,
    ANNEAL_POLICIES: settings.policies.length === 0 ? undefined : JSON.stringify(settings.policies),
    ANNEAL_SAGEMAKER_JOB_ROLE: sagemakerJobs.roleArn,
    ANNEAL_SAGEMAKER_JOB_IMAGE: sagemakerJobs.tasksImage,
    ANNEAL_SAGEMAKER_JOB_INSTANCE: sagemakerJobs.instanceType,
    ANNEAL_SAGEMAKER_JOB_VOLUME_GB: String(sagemakerJobs.volumeGb),
    ANNEAL_SAGEMAKER_JOB_KMS_KEY: sagemakerJobs.kmsKeyId,
    ANNEAL_SAGEMAKER_JOB_SUBNETS: listed(sagemakerJobs.subnets),
    ANNEAL_SAGEMAKER_JOB_SECURITY_GROUPS: listed(sagemakerJobs.securityGroups),
    ANNEAL_SAGEMAKER_JOB_ISOLATED: sagemakerJobs.isIsolated ? '1' : '0',
    ANNEAL_SAGEMAKER_POLL_SECONDS: String(sagemakerJobs.pollSeconds),
    ANNEAL_KUBERNETES_CONFIG: kubernetes.config,
    ANNEAL_KUBERNETES_CONTEXT: kubernetes.context,
    ANNEAL_KUBERNETES_NAMESPACE: kubernetes.namespace,
    ANNEAL_KUBERNETES_IMAGE: kubernetes.image,
    ANNEAL_KUBERNETES_SERVICE_ACCOUNT: kubernetes.serviceAccount,
    ANNEAL_KUBERNETES_STORE_SECRET: kubernetes.storeSecret,
    ANNEAL_KUBERNETES_PULL_SECRETS: kubernetes.pullSecrets.join(',') || undefined,
    ANNEAL_KUBERNETES_S3_ENDPOINT: kubernetes.s3Endpoint,
    ANNEAL_KUBERNETES_RUN_AS: String(kubernetes.runAs),
    ANNEAL_KUBERNETES_CPU: kubernetes.cpu,
    ANNEAL_KUBERNETES_MEMORY: kubernetes.memory,
    ANNEAL_KUBERNETES_VOLUME_SIZE: kubernetes.volumeSize,
    ANNEAL_KUBERNETES_PENDING_SECONDS: String(kubernetes.pendingSeconds),
    ANNEAL_KUBERNETES_KEEP_SECONDS: String(kubernetes.keepSeconds),
    ANNEAL_HEARTBEAT_SECONDS: String(settings.heartbeatSeconds),
    ANNEAL_ORPHAN_SECONDS: String(settings.orphanSeconds),
    ANNEAL_LOG_LEVEL: telemetry.logLevel,
    ANNEAL_LOG_FORMAT: telemetry.logFormat,
    ANNEAL_METRICS_ADDRESS: telemetry.metrics && metricsAddressText(telemetry.metrics),
    ANNEAL_DEBUG: settings.debug ? '1' : '0',
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}

function listed(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(',');
}
