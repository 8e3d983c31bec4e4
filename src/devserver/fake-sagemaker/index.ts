export { ApiError, constraintError, validationError } from './api-error.js';
export { AWS_API } from './aws-api.generated.js';
export type { Buckets } from './buckets.js';
export { checkOf, type CheckRequest } from './aws-api.js';
export {
  startFakeSageMaker,
  type FakeOptions,
  type FakeSageMaker,
  type HealthCheck,
} from './fake-sagemaker.js';
export { fakeVariables } from './fake-variables.js';
export { DataCapture, type DataCaptureConfig } from './data-capture.js';
export { evaluate } from './metric-math.js';
export type { Fault } from './faults.js';
export {
  ScriptedModelHost,
  type HostedModel,
  type ModelHost,
  type ScriptedAnswer,
} from './model-host.js';
export { Objects, type ObjectAnswer } from './objects.js';
export type { Operations } from './operations.js';
export { seconds } from './resources.js';
export { ServingHost } from './serving-host.js';
export { fasterClock, VirtualClock, type FakeClock } from './virtual-clock.js';
