// Retraining on a webhook.
//
// W1. Nothing is read from a request before its signature has been checked.
// W2. A delivery that comes again, as webhooks do after a timeout, starts no second run: its id is the idempotency key.

import { isAnnealError, type AnnealClient, type ErrorCode } from 'anneal';
import { churn } from 'anneal/pipelines';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isSigned } from './signature.js';

const MAX_BODY_BYTES = 64 * 1024;

const STATUS: Partial<Record<ErrorCode, 404 | 409 | 422 | 503>> = {
  E_NOT_FOUND: 404,
  E_IDEMPOTENCY_KEY: 409,
  E_PARAM: 422,
  E_NAME: 422,
  E_SERVER: 503,
};

/** The service's routes: POST /retrain, GET /runs/:id. */
export function createService(anneal: AnnealClient, secret: string): Hono {
  const service = new Hono();

  service.post('/retrain', bodyLimit({ maxSize: MAX_BODY_BYTES }), async (context) => {
    const body = new Uint8Array(await context.req.arrayBuffer());
    if (!isSigned(body, context.req.header('x-signature-256'), secret)) {
      return context.json({ error: 'The signature is missing or wrong.' }, 401); // W1
    }
    const delivery = context.req.header('x-delivery-id');
    if (delivery === undefined) return context.json({ error: 'X-Delivery-Id is missing.' }, 400);
    const request = readRequest(body);
    if (request === undefined) {
      return context.json({ error: 'Send {"data_path": "…"} with an optional n_estimators.' }, 400);
    }
    const { runId } = await anneal.start(churn, request, { idempotencyKey: delivery }); // W2
    return context.json({ runId }, 202);
  });

  service.get('/runs/:id', async (context) => {
    const { status, outputs, deployment } = await anneal.show(context.req.param('id'));
    return context.json({ status, outputs, deployment: deployment?.status });
  });

  service.onError((error, context) => {
    if (!isAnnealError(error)) {
      console.error(error);
      return context.json({ error: 'Internal error.' }, 500);
    }
    const { code, message, hint } = error;
    return context.json({ error: message, code, hint }, STATUS[code] ?? 500);
  });

  return service;
}

interface RetrainRequest {
  readonly data_path: string;
  readonly n_estimators?: number;
}

function readRequest(body: Uint8Array): RetrainRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  const { data_path, n_estimators } = (value ?? {}) as Record<string, unknown>;
  if (typeof data_path !== 'string') return undefined;
  return typeof n_estimators === 'number' ? { data_path, n_estimators } : { data_path };
}
