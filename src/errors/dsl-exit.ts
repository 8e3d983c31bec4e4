// What can be wrong with exit handlers, and with tasks that run although others failed.

import { AnnealError } from './anneal-error.js';

/** Made when something other than a task just placed is given to exitHandler. */
export function wrongExitTask(found: string): AnnealError {
  return new AnnealError(`exitHandler was given ${found}.`, {
    code: 'E_SPEC',
    hint: 'Place the exit task right there: exitHandler(notify({ … }), () => { … }).',
  });
}

/** Made when an exit handler is not at the top of a pipeline, where alone KFP takes it. */
export function exitHandlerInside(group: string): AnnealError {
  return new AnnealError(`exitHandler is used within a ${group}.`, {
    code: 'E_SPEC',
    hint: 'Use it at the top of a pipeline; such a pipeline can be called anywhere.',
  });
}

/** Made when an exit task depends on another task, which may never have run. */
export function exitTaskDepends(task: string): AnnealError {
  return new AnnealError(`The exit task "${task}" depends on another task.`, {
    code: 'E_SPEC',
    hint: 'Give it constants and inputs of the pipeline; finalStatus() tells how the others ended.',
  });
}

/** Made when a body of an exit handler returns values. */
export function exitHandlerReturns(names: readonly string[]): AnnealError {
  return new AnnealError(`The body of an exit-handler returns ${names.join(', ')}.`, {
    code: 'E_UNKNOWN_OUTPUT',
    hint: 'Nothing outside can read what may have failed: use the values within the body.',
  });
}

/** Made when something reads or waits for an exit task. */
export function exitTaskUsed(task: string, reader: string): AnnealError {
  return new AnnealError(`${reader} reads or waits for the exit task "${task}".`, {
    code: 'E_UNKNOWN_OUTPUT',
    hint: 'An exit task comes last; wait for what exitHandler returned instead.',
  });
}

/** Made when a task asks for a final status and there is no one task that it could be of. */
export function finalStatusOfNothing(task: string, upstream: number): AnnealError {
  return new AnnealError(
    `Task "${task}" takes a final status and waits for ${upstream} tasks beside it.`,
    {
      code: 'E_SPEC',
      hint: 'Make it the exit task of exitHandler, or set ignoreUpstreamFailure and wait for exactly one task.',
    },
  );
}

/** Made when a task that takes a final status would run only after success. */
export function finalStatusOfSuccess(task: string): AnnealError {
  return new AnnealError(`Task "${task}" takes a final status and runs only after success.`, {
    code: 'E_SPEC',
    hint: 'Make it the exit task of exitHandler, or set ignoreUpstreamFailure.',
  });
}

/** Made when a value is passed for an input that is declared as finalStatus(). */
export function finalStatusGiven(component: string, input: string): AnnealError {
  return new AnnealError(
    `Component "${component}", input "${input}": a final status is not passed.`,
    {
      code: 'E_KIND',
      hint: 'Leave it out: it is filled in when the tasks before have ended.',
      where: `${component}.inputs.${input}`,
    },
  );
}

/** Made when a pipeline declares a final status as its input. */
export function finalStatusOfPipeline(input: string): AnnealError {
  return new AnnealError(`The pipeline's input "${input}" is declared as finalStatus().`, {
    code: 'E_KIND',
    hint: 'Only components take a final status.',
    where: `inputs.${input}`,
  });
}

/** Made when a task that runs after failures needs an output that a failure leaves out. */
export function upstreamMayFail(component: string, input: string): AnnealError {
  return new AnnealError(
    `Component "${component}", input "${input}": with ignoreUpstreamFailure the output it reads may be missing.`,
    {
      code: 'E_SPEC',
      hint: 'Declare the input optional or with a default, or wait with { after: [task] }.',
      where: `${component}.inputs.${input}`,
    },
  );
}
