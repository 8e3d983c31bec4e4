export type * from './activities.js';
export type * from './artifact.js';
export * from './events.js';
export * from './run.js';
