// InvokeEndpoint: which fleet and variant answer a request, and what metrics and data capture learn of it.

import { ApiError, validationError } from './api-error.js';
import type { DataCapture } from './data-capture.js';
import { newShare, type Endpoint } from './endpoint-machine.js';
import type { Fleet } from './fleet.js';
import type { Metrics } from './metrics.js';
import type { Invocation, ModelAnswer } from './model-host.js';

/** A request of an endpoint, sent to whoever answers it. */
export interface ChosenModel {
  readonly variant: string;
  answer(): Promise<ModelAnswer>;
}

/** Chooses who answers the next request of an endpoint; the endpoints' shares are kept over many requests. */
export class Router {
  readonly #metrics: Metrics;
  readonly #capture: DataCapture;
  readonly #now: () => number;
  readonly #counts = new WeakMap<Endpoint, number>();

  constructor(metrics: Metrics, capture: DataCapture, now: () => number) {
    this.#metrics = metrics;
    this.#capture = capture;
    this.#now = now;
  }

  /** @throws ApiError for a variant that the endpoint does not have */
  choose(endpoint: Endpoint, invocation: Invocation, targetVariant?: string): ChosenModel {
    const fleet = this.#fleetOf(endpoint);
    const member = fleet.choose(targetVariant);
    if (member === undefined) {
      throw validationError(`Could not find variant "${targetVariant}".`);
    }
    const copies = fleet.copies();
    const record = (variant: string, answer: ModelAnswer): void => {
      const { configName, dataCapture } = fleet;
      const { status, latencyMs } = answer;
      const which = { atMs: this.#now(), endpoint: endpoint.name, variant };
      this.#metrics.record({ ...which, configName, status, latencyMs });
      this.#capture.take(dataCapture, { ...which, invocation, answer });
    };
    return {
      variant: member.variant,
      answer: async () => {
        for (const copy of copies) {
          void copy.model.invoke(invocation).then((answer) => record(copy.variant, answer));
        }
        const answer = await member.model.invoke(invocation);
        record(member.variant, answer);
        return answer;
      },
    };
  }

  /** Of every hundred requests the new fleet gets its share, evenly spread. */
  #fleetOf(endpoint: Endpoint): Fleet {
    const share = newShare(endpoint);
    if (share === 0) return endpoint.fleet;
    const count = this.#counts.get(endpoint) ?? 0;
    this.#counts.set(endpoint, count + 1);
    const isNew = Math.floor(((count + 1) * share) / 100) > Math.floor((count * share) / 100);
    return isNew ? endpoint.update!.fleet : endpoint.fleet;
  }
}

/** What InvokeEndpoint answers when a model did not answer with success. */
export function modelError({ status, body }: ModelAnswer): ApiError {
  return new ApiError(
    'ModelError',
    `Received server error (${status}) from primary with message "${body.toString().slice(0, 500)}".`,
    424,
    { OriginalStatusCode: status, OriginalMessage: body.toString().slice(0, 500) },
  );
}
