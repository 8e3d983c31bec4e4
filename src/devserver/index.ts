export { ensurePythonEnvironment } from './python/ensure-python-environment.js';
export type {
  PythonEnvironment,
  PythonEnvironmentRequest,
} from './python/ensure-python-environment.js';
export type { EnvironmentKind } from './python/environment-locks.js';
export type { Report } from './report.js';
export type { OpenServiceOptions, ServiceLease } from './service/service-lease.js';
