export { AnnealError, isAnnealError } from './anneal-error.js';
export type { AnnealErrorOptions } from './anneal-error.js';
export { ERROR_CODES } from './codes.js';
export type { ErrorCode, ErrorFamily } from './codes.js';
export * as clientErrors from './client.js';
export * as deployErrors from './deploy.js';
export * as configErrors from './config.js';
export * as storageErrors from './storage.js';
export * as taskErrors from './task.js';
