import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { envDetectorSync, Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { makeWorkflowExporter } from '@temporalio/interceptors-opentelemetry';
import { activityTracing } from './activity-tracing.js';
import { clientTracing } from './client-tracing.js';
import type { Tracing, TracingOptions } from './tracing.js';

const PATIENCE_MS = 3000;

interface Pipeline {
  readonly resource: Resource;
  readonly processor: BatchSpanProcessor;
}

/** OpenTelemetry's API is one a process, and so is what stands behind it. */
let opened: Pipeline | undefined;

/** Opens traces over OTLP: see openTracing. */
export function otlpTracing(options: TracingOptions): Tracing {
  const { resource, processor } = (opened ??= open(options));
  return {
    client: clientTracing(),
    worker: {
      activity: [activityTracing],
      sinks: { exporter: makeWorkflowExporter(processor, resource) },
    },
    variables: traceVariables,
    close: () => within(PATIENCE_MS, processor.forceFlush()),
  };
}

function open({ serviceName, version }: TracingOptions): Pipeline {
  const named = new Resource({ 'service.name': serviceName, 'service.version': version });
  const resource = Resource.default().merge(named).merge(envDetectorSync.detect());
  const processor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  if (trace.setGlobalTracerProvider(provider)) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  }
  return { resource, processor };
}

/** https://opentelemetry.io/docs/specs/otel/context/env-carriers/ */
function traceVariables(): Readonly<Record<string, string>> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  const { traceparent, tracestate } = carrier;
  return {
    ...(traceparent === undefined ? {} : { TRACEPARENT: traceparent }),
    ...(tracestate ? { TRACESTATE: tracestate } : {}),
  };
}

/** Waits for work that may fail, but not for long. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work.catch(() => undefined), patience]);
  clearTimeout(timer);
}
