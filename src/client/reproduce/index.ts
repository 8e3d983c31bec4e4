export type { CauseDifference } from './cause-difference.js';
export { compareLocks, type LockComparison, type OutputDifference } from './compare-locks.js';
export { firstDifference, type ByteDifference } from './first-difference.js';
export { reproduction } from './reproduction.js';
