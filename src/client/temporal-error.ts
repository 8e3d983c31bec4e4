// Turns what the Temporal SDK throws into errors that say what to do.
//
// T1. An AnnealError passes unchanged: mapping twice is harmless.
// T2. Only errors that a waiting server or worker can cure are retryable.

import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { clientErrors, isAnnealError, type AnnealError } from '../errors/index.js';

// gRPC status codes: https://grpc.io/docs/guides/status-codes/
const GRPC = {
  canceled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export interface TemporalErrorContext {
  readonly address: string;
  readonly namespace: string;
  readonly runId?: string;
}

/** Maps any error of a call to the server (T1). */
export function mapTemporalError(error: unknown, context: TemporalErrorContext): AnnealError {
  if (isAnnealError(error)) return error;
  const { address, namespace, runId } = context;
  if (error instanceof NamespaceNotFoundError) {
    return clientErrors.namespaceNotFound(namespace, address, error);
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    return clientErrors.alreadyStarted(error.workflowId);
  }
  if (error instanceof WorkflowNotFoundError && runId !== undefined) return runNotFound(runId);
  const status = grpcStatus(error);
  if (status !== undefined) return mapGrpcStatus(status, error, context);
  if (isConnectionFailure(error)) return clientErrors.serverUnreachable(address, error);
  return clientErrors.internalFault(error);
}

/** The error for a run that neither the server nor the store knows. */
export function runNotFound(runId: string, nearest?: string): AnnealError {
  return clientErrors.notFound('run', runId, {
    nearest,
    hint: 'List the runs there are: anneal runs',
  });
}

function mapGrpcStatus(
  status: { readonly code: number; readonly details: string },
  error: unknown,
  { address, namespace, runId }: TemporalErrorContext,
): AnnealError {
  switch (status.code) {
    case GRPC.unavailable:
    case GRPC.deadlineExceeded:
    case GRPC.resourceExhausted:
      return clientErrors.serverUnreachable(address, error);
    case GRPC.permissionDenied:
    case GRPC.unauthenticated:
      return clientErrors.serverRefused(address, status.details || 'not allowed', error);
    case GRPC.notFound:
      return /namespace/i.test(status.details) || runId === undefined
        ? clientErrors.namespaceNotFound(namespace, address, error)
        : runNotFound(runId);
    case GRPC.invalidArgument:
      return clientErrors.serverRefused(address, status.details || 'invalid request', error);
    default:
      return clientErrors.internalFault(error);
  }
}

function grpcStatus(error: unknown): { code: number; details: string } | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return { code: cause.code, details: cause.details };
  }
  return undefined;
}

function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|failed to connect|connect(ion)? .*deadline/i.test(
    `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`,
  );
}

/**
 * Tells whether a query with a deadline failed only because nobody works on the run's task queue now.
 * Measured on server 1.32: the deadline ends the call as DEADLINE_EXCEEDED or, between the SDK's own
 * tries, as CANCELLED; before the first workflow task it may be FAILED_PRECONDITION.
 */
export function isWorkerMissing(error: unknown): boolean {
  const code = grpcStatus(error)?.code;
  return (
    code === GRPC.canceled || code === GRPC.deadlineExceeded || code === GRPC.failedPrecondition
  );
}
