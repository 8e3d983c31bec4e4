// What clients and workers use of traces.

import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { WorkerInterceptors, WorkerOptions } from '@temporalio/worker';

export interface TracingOptions {
  /** Where OTEL_SERVICE_NAME names none. */
  readonly serviceName: string;
  readonly version?: string;
}

/** What clients and workers use of traces. */
export interface Tracing {
  readonly client: WorkflowClientInterceptor;
  /** For workers whose workflow bundle is the traced one. */
  readonly worker: {
    readonly activity: NonNullable<WorkerInterceptors['activity']>;
    readonly sinks: NonNullable<WorkerOptions['sinks']>;
  };
  /** TRACEPARENT and TRACESTATE for a process that is to go on with the trace of this moment. */
  variables(): Readonly<Record<string, string>>;
  /** Sends what has not been sent yet (T2 of open-tracing.ts). */
  close(): Promise<void>;
}
