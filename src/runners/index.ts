export { executeTask } from './execute-task.js';
export type { ExecutedTask, ExecuteTaskRequest, ExecuteTaskTools } from './execute-task.js';
export { createProcessRunner, readImageRules, type ProcessRunnerOptions } from './process/index.js';
export { LET_GO } from './runner.js';
export type { ExecutionId, LaunchOutcome, LaunchSpec, Runner } from './runner.js';
export type { PlaceholderNames } from './task-contract/index.js';
