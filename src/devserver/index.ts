export type { DoctorFinding } from './doctor/finding.js';
export { runDoctor } from './doctor/run-doctor.js';
export { PACKAGE_ROOT } from './package-root.js';
export { ensurePythonEnvironment } from './python/ensure-python-environment.js';
export type {
  PythonEnvironment,
  PythonEnvironmentRequest,
} from './python/ensure-python-environment.js';
export type { EnvironmentKind } from './python/environment-locks.js';
export type { Report } from './report.js';
export { runProgram } from './run-program.js';
export type { ProgramResult } from './run-program.js';
export { openService } from './service/open-service.js';
export type { OpenServiceOptions } from './service/open-service.js';
export type { ServiceLease } from './service/service-lease.js';
