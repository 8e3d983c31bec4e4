export type { Amount } from './amount.js';
export { fits, minus, times } from './amount.js';
export { MachineCapacity, type MachineCapacityOptions } from './machine-capacity.js';
export { followedNeed, unaskedNeed } from './task-need.js';
