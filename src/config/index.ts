export { readConfigFile, type ConfigFile } from './config-file.js';
export { defineConfig, type AnnealConfig } from './define-config.js';
export type { Hook } from './hooks.js';
export type { MlflowTarget } from './mlflow.js';
export { metricsAddressText, type MetricsAddress } from './metrics-address.js';
export type { PolicySetting } from './policies.js';
export { parseSecretReference, type SecretReference } from './secret-reference.js';
export { loadSettings } from './load-settings.js';
export type { LoadSettingsOptions } from './load-settings.js';
export { isTraced } from './trace-variables.js';
export { renderSettingsTable } from './render-settings-table.js';
export { settingsEnvironment } from './settings-environment.js';
export type { SettingsEnvironment } from './settings-environment.js';
export type {
  DeploySettings,
  KubernetesSettings,
  S3Settings,
  Settings,
  TelemetrySettings,
  TemporalConnection,
  TemporalSettings,
  TemporalTls,
  WorkerSettings,
} from './settings.js';
