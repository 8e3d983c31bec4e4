export { startFakeSageMaker } from './fake-sagemaker.js';
export type { FakeSageMaker } from './fake-sagemaker.js';
export type { Fault } from './faults.js';
export { VirtualClock } from './virtual-clock.js';
