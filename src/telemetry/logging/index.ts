export { logText } from './log-text.js';
export { openLogger, type LogOutput } from './open-logger.js';
