// Calls of MLflow's REST API (https://mlflow.org/docs/latest/rest-api.html).
//
// M1. Redirects are not followed: the token is for one address.
// M2. No answer, 408, 409, 425, 429 and 5xx are worth a retry; any other refusal is not.
// M3. What MLflow says is quoted, shortened; the token is in no error.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { MlflowTarget } from '../config/index.js';
import { isAnnealError, mlflowErrors } from '../errors/index.js';
import { resolveSecret } from '../secrets/index.js';
import { isWorthARetry, whyNoAnswer, type JsonObject } from '../util/index.js';

const TIMEOUT_MS = 15_000;
const UPLOAD_TIMEOUT_MS = 30 * 60_000;
const QUOTED_CHARS = 300;
const API = '/api/2.0/mlflow';
/** Where a server that keeps artifacts takes them. */
const ARTIFACTS_API = '/api/2.0/mlflow-artifacts/artifacts';

export interface MlflowClient {
  readonly address: string;
  /** @param path  below `/api/2.0/mlflow/`. @throws E_MLFLOW */
  get(path: string, query: Readonly<Record<string, string>>): Promise<JsonObject>;
  post(path: string, body: object): Promise<JsonObject>;
  /** Stores a file under the server's artifact root. @param path  its segments, joined by slashes */
  upload(path: string, file: { readonly path: string; readonly sizeBytes: number }): Promise<void>;
}

/** Gets the token and makes a client; nothing is asked yet. @throws E_SECRET */
export async function openMlflow(
  { trackingUri, token }: MlflowTarget,
  signal: AbortSignal,
): Promise<MlflowClient> {
  const address = trackingUri.replace(/\/+$/, '');
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${await resolveSecret(token)}` };
  const call = (path: string, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<JsonObject> =>
    request(address, path, {
      ...init,
      redirect: 'manual', // M1
      headers: { 'user-agent': 'anneal', ...authorization, ...init.headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      timeoutMs,
    });
  return {
    address,
    get: (path, query) => call(`${API}/${path}?${new URLSearchParams(query).toString()}`, {}),
    post: (path, body) =>
      call(`${API}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    upload: async (path, { path: file, sizeBytes }) => {
      const segments = path.split('/').map(encodeURIComponent).join('/');
      const upload: RequestInit & { readonly duplex: 'half' } = {
        method: 'PUT',
        duplex: 'half',
        headers: {
          'content-type': 'application/octet-stream',
          'content-length': String(sizeBytes), // a WSGI server reads no chunked body
        },
        body: Readable.toWeb(createReadStream(file)) as ReadableStream,
      };
      await call(`${ARTIFACTS_API}/${segments}`, upload, UPLOAD_TIMEOUT_MS);
    },
  };
}

/** Whether an error is MLflow's answer of that kind. */
export function isMlflowAnswer(error: unknown, errorCode: string): boolean {
  return isAnnealError(error) && error.details['errorCode'] === errorCode;
}

interface Call extends RequestInit {
  /** After which its signal gives it up. */
  readonly timeoutMs: number;
}

async function request(address: string, path: string, init: Call): Promise<JsonObject> {
  const { status, body } = await answerOf(address, path, init);
  const answer = parseObject(body);
  if (status >= 200 && status < 300) return answer ?? {};
  throw mlflowErrors.mlflowFailed(address, refusal(status, answer));
}

async function answerOf(
  address: string,
  path: string,
  { timeoutMs, ...init }: Call,
): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const response = await fetch(`${address}${path}`, init);
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throw mlflowErrors.mlflowFailed(address, {
      reason: whyNoAnswer(error, timeoutMs),
      retryable: true,
    });
  }
}

function refusal(status: number, answer: JsonObject | undefined): mlflowErrors.MlflowFailure {
  const { error_code: errorCode, message } = answer ?? {};
  const said = typeof message === 'string' ? `: ${oneLine(message)}` : '';
  const failure = {
    reason: `it answered ${status}${said}`,
    retryable: isWorthARetry(status), // M2
    ...(typeof errorCode === 'string' && { errorCode }),
  };
  if (status !== 401 && status !== 403) return failure;
  return { ...failure, hint: 'Check ANNEAL_MLFLOW_TOKEN, and what its owner may do.' };
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').slice(0, QUOTED_CHARS).replace(/\.$/, '');
}

function parseObject(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined; // a proxy's page, or nothing
  }
}
