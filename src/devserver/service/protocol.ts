// What a command and the supervisor of the embedded service say to each other: JSON, one message a line.
//
// A connection that has sent `lease` is a lease until it ends, however it ends.

import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../../errors/index.js';

/** Settings that the workers were started with; a command that wants others is refused. */
const workerSettings = z.record(z.string(), z.string());

/** From a command. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lease'), needWorkers: z.boolean(), workerSettings }),
  z.object({ type: z.literal('release') }),
  z.object({ type: z.literal('hold'), runId: z.string() }),
  z.object({ type: z.literal('status') }),
  z.object({ type: z.literal('stop') }),
]);
export type Request = z.infer<typeof requestSchema>;

const processState = z.enum(['off', 'starting', 'ready', 'failed']);
/** `starting` includes starting again after a crash. */
export type ProcessState = z.infer<typeof processState>;

const failure = z.object({
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  hint: z.string().optional(),
  where: z.string().optional(),
});
/** An AnnealError on its way to another process. */
export type Failure = z.infer<typeof failure>;

const serviceState = z.object({
  type: z.literal('state'),
  isStopping: z.boolean(),
  pid: z.number(),
  address: z.string(),
  namespace: z.string(),
  uiUrl: z.string().optional(),
  server: processState,
  workers: processState,
  leases: z.number(),
  /** Runs that keep the service up. */
  holds: z.array(z.string()),
  failure: failure.optional(),
});
/** Sent on every change to each lease, and as the answer to `status`. */
export type ServiceState = z.infer<typeof serviceState>;

/** From the supervisor. */
export const replySchema = z.discriminatedUnion('type', [
  serviceState,
  z.object({ type: z.literal('held'), runId: z.string() }),
  /** wasLast: the service now stops; the connection ends when nothing is left. */
  z.object({ type: z.literal('released'), wasLast: z.boolean() }),
  z.object({ type: z.literal('refused'), failure }),
]);
export type Reply = z.infer<typeof replySchema>;
