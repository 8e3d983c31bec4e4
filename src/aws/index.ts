export {
  createAwsCaller,
  withoutRequest,
  type AwsCaller,
  type AwsCallerOptions,
} from './aws-caller.js';
export { awsFailureOf, isTransient, type AwsFailure } from './aws-failure.js';
export { backoffMs, jittered, SYSTEM_CLOCK, wait, type Clock, type Waiting } from './waiting.js';
