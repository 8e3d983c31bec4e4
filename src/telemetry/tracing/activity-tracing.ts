import { trace } from '@opentelemetry/api';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { activityFacts } from '../activity-facts.js';

/** A span for each try of an activity, with the names of its run and task; its log lines name the span. */
export function activityTracing(activity: Context): ActivityInterceptors {
  const inbound = new OpenTelemetryActivityInboundInterceptor(activity);
  return {
    inbound: {
      execute: (input, next) =>
        inbound.execute(input, (given) => {
          trace.getActiveSpan()?.setAttributes(attributesOf(given.args[0]));
          return next(given);
        }),
    },
    outbound: new OpenTelemetryActivityOutboundInterceptor(activity),
  };
}

function attributesOf(request: unknown): Record<string, string | number | undefined> {
  const { runId, pipeline, task, attempt, component } = activityFacts(request);
  return {
    'anneal.run_id': runId,
    'anneal.pipeline': pipeline,
    'anneal.task': task,
    'anneal.attempt': attempt,
    'anneal.component': component,
  };
}
