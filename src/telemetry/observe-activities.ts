// What is logged and counted of every activity, around the activity itself.

import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { activityFacts, type ActivityFacts } from './activity-facts.js';
import { isTask, type ActivityMetrics, type TaskOutcome } from './metrics/index.js';

/** Fields of the SDK's that say nothing to a reader of the log. */
const LEFT_OUT = ['taskToken', 'namespace', 'isLocal', 'workflowId', 'workflowType', 'attempt'];

/**
 * Interceptors that name the run, its pipeline, the task and its try in every line that an activity logs, and count.
 *
 * @param metrics  absent: nothing is counted
 */
export function observeActivities(metrics?: ActivityMetrics): ActivityInterceptorsFactory {
  return ({ info, log }) => {
    let facts: ActivityFacts = {};
    return {
      inbound: {
        execute: async (input, next) => {
          const [request] = input.args;
          facts = activityFacts(request);
          const begin = performance.now();
          const end = (outcome: TaskOutcome): number => {
            const seconds = (performance.now() - begin) / 1000;
            metrics?.ended(facts, info, { outcome, seconds });
            return seconds;
          };
          metrics?.began(facts, info, Date.now());
          const { component } = facts;
          if (isTask(info.activityType)) log.info('task started', { component });
          try {
            const result = await next(input);
            const seconds = end('succeeded');
            metrics?.answered(facts, info, request, result);
            if (isTask(info.activityType)) log.info('task succeeded', { component, seconds });
            return result;
          } catch (error) {
            end(outcomeOf(error)); // the SDK logs the error
            throw error;
          }
        },
      },
      outbound: {
        getLogAttributes: (input, next) => {
          const kept = Object.entries(input).filter(([name]) => !LEFT_OUT.includes(name));
          const { runId = runOf(info.workflowExecution?.workflowId), pipeline, task } = facts;
          return next({
            runId,
            pipeline,
            task,
            attempt: facts.attempt,
            activityAttempt: info.attempt,
            ...Object.fromEntries(kept),
          });
        },
      },
    };
  };
}

/** Workflows of a run are named after it: `RUN`, `RUN/loop/0`, `RUN/event/run.started`. */
function runOf(workflowId: string | undefined): string | undefined {
  return workflowId?.split('/', 1)[0];
}

function outcomeOf(error: unknown): TaskOutcome {
  if (error instanceof CancelledFailure) return 'canceled';
  if (!(error instanceof ApplicationFailure)) return 'lost';
  if (error.type === 'E_TASK_HANDED_OVER') return 'handed_over';
  return error.nonRetryable === true ? 'failed' : 'lost';
}
