export { checkDrift, type DriftParts } from './check-drift.js';
export { recordRound, readRounds } from './monitor-rounds.js';
export type { DriftTools } from './run-comparison.js';
