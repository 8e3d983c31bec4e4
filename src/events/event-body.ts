import type { RunEvent } from '../contract/index.js';
import type { JsonObject } from '../util/index.js';
import { plainJson } from '../util/index.js';

/** An event as CloudEvents 1.0 JSON (https://github.com/cloudevents/spec, structured mode). */
export function eventBody({ id, type, time, ...data }: RunEvent): JsonObject {
  return {
    specversion: '1.0',
    id,
    source: `/anneal/pipelines/${encodeURIComponent(data.run.pipeline)}`,
    type: `anneal.${type}`,
    subject: data.run.runId,
    time,
    datacontenttype: 'application/json',
    data: plainJson(data),
  };
}
