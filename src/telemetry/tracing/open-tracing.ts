// Traces by OpenTelemetry, from the client through the workflow and its activities into the task.
//
// T1. OpenTelemetry's packages load when traces are wanted, else nothing of this costs anything.
// T2. A receiver that is away delays nothing for long: its spans are lost.

import type { Tracing, TracingOptions } from './tracing.js';

/**
 * Opens traces that go where OpenTelemetry's own variables say; a program that has a tracer provider of its own
 * keeps it. @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { otlpTracing } = await import('./otlp-tracing.js'); // T1
  return otlpTracing(options);
}
