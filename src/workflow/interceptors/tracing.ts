// Spans of workflows, of the activities they schedule and of their children. In the traced bundle only.
//
// S1. Runs that were recorded without it replay with it, and the other way round: the package asks the history's own
//     flags before it waits for anything.
// S2. Queries have no span: whoever watches a run asks many times a second.

import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/workflow/index.js';
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Made for each workflow. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const all = new OpenTelemetryInboundInterceptor();
  return {
    inbound: [
      {
        execute: (input, next) => all.execute(input, next),
        handleSignal: (input, next) => all.handleSignal(input, next),
        handleUpdate: (input, next) => all.handleUpdate(input, next),
      },
    ],
    outbound: [new OpenTelemetryOutboundInterceptor()],
    internals: [new OpenTelemetryInternalsInterceptor()],
  };
};
