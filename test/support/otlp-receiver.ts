// A receiver of OpenTelemetry traces: OTLP over HTTP, in JSON.
// https://opentelemetry.io/docs/specs/otlp/#otlphttp

import { openWebhookReceiver } from './webhook-receiver.js';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

/** One span as it was sent. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty or absent for the root of a trace. */
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  /** The service that it came from. */
  readonly service: string | undefined;
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<ReceivedSpan, 'service'>[] }[];
  }[];
}

export interface OtlpReceiver {
  /** OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** All that has come so far. */
  spans(): ReceivedSpan[];
  /** Values of one header of all requests. */
  headers(name: string): (string | undefined)[];
  close(): Promise<void>;
}

/** Opens a receiver on an address of this machine, or on loopback. */
export async function openOtlpReceiver(host?: string): Promise<OtlpReceiver> {
  const receiver = await openWebhookReceiver([], 0, host);
  const { url, posts } = receiver;
  return {
    endpoint: new URL(url).origin,
    spans: () => posts.flatMap(({ body }) => spansIn(JSON.parse(body) as ExportRequest)),
    headers: (name) => posts.map(({ headers }) => headers[name]?.toString()),
    close: () => receiver.close(),
  };
}

/** Value of a span's attribute. */
export function attributeOf(
  { attributes }: Pick<ReceivedSpan, 'attributes'>,
  name: string,
): string | number | undefined {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value?.stringValue ?? value?.intValue;
}

function spansIn({ resourceSpans }: ExportRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = attributeOf(resource, 'service.name')?.toString();
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });
}
