import { DefaultLogger } from '@temporalio/worker';

/** Logs one JSON object a line on stderr: warnings and errors, with `debug` everything. */
export function workerLogger(debug: boolean): DefaultLogger {
  return new DefaultLogger(debug ? 'DEBUG' : 'WARN', ({ level, timestampNanos, message, meta }) => {
    const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
    process.stderr.write(`${JSON.stringify({ time, level, message, ...meta })}\n`);
  });
}
