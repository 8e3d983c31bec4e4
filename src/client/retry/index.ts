export { planRetry } from './plan-retry.js';
export type { PlannedTask, RetryAction, RetryPlan } from './retry-plan.js';
export {
  keptParameters,
  retryRequest,
  type RetryOptions,
  type RetryRequest,
  type RetrySources,
} from './retry-request.js';
