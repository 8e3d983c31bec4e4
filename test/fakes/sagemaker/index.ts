export { startFakeSageMaker } from './fake-sagemaker.js';
export type { FakeSageMaker } from './fake-sagemaker.js';
export type { Fault } from './faults.js';
export { VirtualClock } from './virtual-clock.js';
export { readApiModel } from './jobs/api-model.js';
export { ScriptedHost, type JobEnd, type JobHost } from './jobs/job-host.js';
export { cannotMount, RealHost } from './jobs/real-host.js';
export { JOB_OPERATIONS } from './jobs/job-state.js';
