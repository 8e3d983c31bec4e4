// The one error class of the project and its families.
//
// E1. Callers compare `code`, never the class: codes survive a trip through Temporal.
// E2. A message never holds a secret: details are shown to users and stored in histories.

import { ERROR_CODES, type ErrorCode, type ErrorFamily } from './codes.js';

export interface AnnealErrorOptions {
  readonly code: ErrorCode;
  /** One sentence: what to do next. */
  readonly hint?: string;
  /** `file:line:column` or a JSON path. */
  readonly where?: string;
  /** Plain JSON, shown with `--json` and `--debug`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whether Temporal may try again; default false. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** An error with a stable code, a place, and what to do next. */
export class AnnealError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly where?: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;

  constructor(message: string, options: AnnealErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'AnnealError';
    this.code = options.code;
    this.hint = options.hint;
    this.where = options.where;
    this.details = options.details ?? {};
    this.retryable = options.retryable ?? false;
  }

  get family(): ErrorFamily {
    return ERROR_CODES[this.code].family;
  }

  /** The process exit code a command ends with when this error reaches it. */
  get exitCode(): number {
    return ERROR_CODES[this.code].exitCode;
  }
}

/** Tells an AnnealError from anything else, across bundles and realms. */
export function isAnnealError(error: unknown): error is AnnealError {
  return error instanceof Error && error.name === 'AnnealError' && 'code' in error;
}
