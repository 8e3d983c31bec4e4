// The worker's log: one entry a line, as JSON or for people.
//
// L1. No secret is in it: fields that hold credentials or a task's variables are cut out, wherever they come from,
//     and errors are written with code and message only, without their details.

import { pino, type DestinationStream } from 'pino';
import type { Logger, LogLevel, LogMetadata } from '@temporalio/common';
import type { TelemetrySettings } from '../../config/index.js';
import { logText } from './log-text.js';

/** Where the SDK puts the time at which something was logged that arrives later. */
const LOGGED_AT = Symbol.for('log_timestamp');

const SECRET_FIELDS = ['apiKey', 'authorization', 'password', 'secret', 'token', 'taskToken'];
const HIDDEN = [...SECRET_FIELDS, 'headers', 'env', 'variables'];

/** Deepest chain of causes that is written. */
const MOST_CAUSES = 5;

/** Somebody who takes whole lines. */
export interface LogOutput {
  write(line: string): unknown;
  readonly isTTY?: boolean;
}

/**
 * Opens the log of a worker, as Temporal's SDK takes it.
 *
 * @param output  usually the process's standard error
 */
export function openLogger(
  { logLevel, logFormat }: Pick<TelemetrySettings, 'logLevel' | 'logFormat'>,
  output: LogOutput,
): Logger {
  const isText = (logFormat ?? (output.isTTY === true ? 'text' : 'json')) === 'text';
  const destination: DestinationStream = {
    write: (line) => void output.write(isText ? `${logText(line.trimEnd())}\n` : line),
  };
  const sink = pino(
    {
      level: logLevel,
      base: null,
      messageKey: 'message',
      timestamp: false,
      formatters: { level: (level) => ({ level }) },
      serializers: { error: errorFields },
      redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`]), remove: true }, // L1
    },
    destination,
  );
  const log = (level: LogLevel, message: string, { ...meta }: LogMetadata = {}): void => {
    const time = new Date(millisecondsOf(meta[LOGGED_AT])).toISOString();
    sink[level.toLowerCase() as Lowercase<LogLevel>]({ time, ...meta }, message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}

function millisecondsOf(nanoseconds: unknown): number {
  return typeof nanoseconds === 'bigint' ? Number(nanoseconds / 1_000_000n) : Date.now();
}

interface ErrorFields {
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/** What is written of an error (L1). Errors with a code of ours carry no stack. */
function errorFields(error: unknown): unknown {
  return error instanceof Error ? fieldsOf(error) : error;
}

function fieldsOf(error: Error, depth = 0): ErrorFields {
  const { name, message, stack, cause, code, type } = error as Error & {
    readonly code?: unknown;
    readonly type?: unknown;
  };
  const own = [code, type].find((each): each is string => typeof each === 'string');
  return {
    code: own ?? name,
    message,
    ...(own === undefined && stack ? { stack } : {}),
    ...(cause instanceof Error && depth < MOST_CAUSES ? { cause: fieldsOf(cause, depth + 1) } : {}),
  };
}
