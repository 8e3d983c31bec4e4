export type * from './activities.js';
export type * from './artifact.js';
export * from './run.js';
