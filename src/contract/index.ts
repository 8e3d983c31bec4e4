export type * from './activities.js';
export type * from './artifact.js';
export * from './deploy-policy.js';
export type * from './environment.js';
export * from './events.js';
export * from './run.js';
export * from './task-queues.js';
export * from './let-go.js';
export * from './monitor.js';
