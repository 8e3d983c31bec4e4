import type { AnnealError } from '../../errors/index.js';
import { isAnnealError } from '../../errors/index.js';
import {
  clusterForbidden,
  clusterRefused,
  clusterUnauthorized,
  clusterUnreachable,
  namespaceMissing,
  type ClusterPlace,
} from '../../errors/kubernetes.js';
import { ClusterAnswer } from './cluster-request.js';

/** Too many requests, a conflict of two writes, or a server that is not itself. */
const TEMPORARY = new Set([408, 429, 500, 502, 503, 504]);

/** Whether the same request may well succeed in a moment. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof ClusterAnswer) return TEMPORARY.has(error.status);
  return !isAnnealError(error) && (error as Error).name !== 'AbortError';
}

export interface FailedRequest {
  /** Verb and resource. */
  readonly right: string;
  readonly place: ClusterPlace;
  /** The request is part of a task that runs: what may pass is tried again by Temporal. */
  readonly isMidRun: boolean;
}

/** Says what an API server's answer, or the lack of one, means. */
export function explainFailure(error: unknown, request: FailedRequest): AnnealError {
  if (isAnnealError(error)) return error;
  const { right, place, isMidRun } = request;
  const { server, namespace } = place;
  if (!(error instanceof ClusterAnswer)) {
    return clusterUnreachable({ server, namespace }, networkReason(error), isMidRun);
  }
  const { status, message } = error;
  if (status === 401) return clusterUnauthorized({ server, namespace });
  if (status === 404 && message.startsWith('namespaces ')) {
    return namespaceMissing({ server, namespace });
  }
  if (status === 403) return clusterForbidden({ server, namespace }, right, message);
  return clusterRefused(right, status, message, isMidRun && TEMPORARY.has(status));
}

function networkReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name is not known';
  return message || code || 'the connection failed';
}
