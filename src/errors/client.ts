// Errors a caller meets while starting, watching and looking up runs.

import { AnnealError } from './anneal-error.js';
import type { ErrorCode } from './codes.js';

/** Made when no Temporal server answers at the address. */
export function serverUnreachable(address: string, cause?: unknown): AnnealError {
  return new AnnealError(`No Temporal server answers at ${address}.`, {
    code: 'E_SERVER',
    where: address,
    hint: 'Start one that stays up with "anneal dev", correct TEMPORAL_ADDRESS, or unset it to use the embedded server.',
    retryable: true,
    details: { address },
    cause,
  });
}

/** Made when the server answers but does not accept who is asking. */
export function serverRefused(address: string, reason: string, cause?: unknown): AnnealError {
  return new AnnealError(`The Temporal server at ${address} refused the request: ${reason}.`, {
    code: 'E_SERVER',
    where: address,
    hint: 'Check the API key and TLS settings (TEMPORAL_API_KEY, TEMPORAL_TLS_*, or the profile in temporal.toml).',
    details: { address, reason },
    cause,
  });
}

/** Made when a program asks for the server that the settings name, and they name none. */
export function noServerNamed(): AnnealError {
  return new AnnealError('No Temporal server is named.', {
    code: 'E_CONFIG',
    hint: 'Set TEMPORAL_ADDRESS, for example to the address that "anneal dev" prints, or TEMPORAL_PROFILE.',
  });
}

/** Made when a query gets no answer because no worker takes tasks of Anneal's queue. */
export function noWorker(runId: string, taskQueue: string, cause?: unknown): AnnealError {
  return new AnnealError(
    `No worker polls the task queue "${taskQueue}", so run "${runId}" waits.`,
    {
      code: 'E_WORKER',
      hint: 'Start one: anneal worker (on a cluster), or anneal dev.',
      retryable: true,
      details: { runId, taskQueue },
      cause,
    },
  );
}

/** Made when the server has no such namespace. */
export function namespaceNotFound(
  namespace: string,
  address: string,
  cause?: unknown,
): AnnealError {
  return new AnnealError(`The Temporal server at ${address} has no namespace "${namespace}".`, {
    code: 'E_NAMESPACE',
    where: address,
    hint: `Create it (temporal operator namespace create --namespace ${namespace}) or set TEMPORAL_NAMESPACE.`,
    details: { namespace, address },
    cause,
  });
}

/**
 * Made when a name leads to nothing.
 *
 * @param kind     what was looked for, in the user's words: `run`, `pipeline`, `task`
 * @param nearest  a known name that is close, for "did you mean"
 */
export function notFound(
  kind: string,
  name: string,
  options: { readonly nearest?: string; readonly hint: string },
): AnnealError {
  const suggestion = options.nearest === undefined ? '' : ` Did you mean "${options.nearest}"?`;
  return new AnnealError(`There is no ${kind} "${name}".${suggestion}`, {
    code: 'E_NOT_FOUND',
    hint: options.hint,
    details: { kind, name, ...(options.nearest === undefined ? {} : { nearest: options.nearest }) },
  });
}

/** Made when a run of that id exists, running or closed. */
export function alreadyStarted(runId: string): AnnealError {
  return new AnnealError(`A run with the id "${runId}" exists already; nothing was started.`, {
    code: 'E_ALREADY_STARTED',
    hint: `Look at it with "anneal show ${runId}", or choose another --run-id.`,
    details: { runId },
  });
}

/** Made when an idempotency key comes back with another request. */
export function idempotencyKeyReused(pipeline: string, key: string, runId: string): AnnealError {
  return new AnnealError(
    `The idempotency key "${key.slice(0, 80)}" started run "${runId}" of "${pipeline}" with other parameters; nothing was started.`,
    {
      code: 'E_IDEMPOTENCY_KEY',
      hint: 'Use one key for one request: repeat the same parameters, or choose another key.',
      details: { pipeline, runId },
    },
  );
}

/** Made when an idempotency key is empty or too long. */
export function invalidIdempotencyKey(length: number): AnnealError {
  return new AnnealError(`An idempotency key of ${length} characters cannot be used.`, {
    code: 'E_NAME',
    hint: 'Use 1 to 500 characters, such as the id of the delivery or of the order.',
  });
}

/** Made when a run's state does not allow what was asked. */
export function wrongState(runId: string, state: string, action: string): AnnealError {
  const ended = state === 'canceled' ? 'was canceled' : `has ${state}`;
  return new AnnealError(`Run "${runId}" cannot be ${action}: it ${ended} already.`, {
    code: 'E_STATE',
    hint: `See what it did: anneal show ${runId}`,
    details: { runId, state },
  });
}

/** Made when something is asked of a run that only one that has ended allows. */
export function stillRunning(runId: string, action: string): AnnealError {
  return new AnnealError(`Run "${runId}" cannot be ${action}: it is still running.`, {
    code: 'E_STATE',
    hint: `Wait for it (anneal watch ${runId}), or end it first (anneal cancel ${runId}): what it has done is kept.`,
    details: { runId, state: 'running' },
  });
}

/** Made when a run that succeeded is to be retried without a reason to do anything again. */
export function nothingToRetry(runId: string): AnnealError {
  return new AnnealError(`Run "${runId}" has succeeded: there is nothing to retry.`, {
    code: 'E_STATE',
    hint: 'Choose where to begin again with --from TASK, or change it with --param or --with.',
    details: { runId, state: 'succeeded' },
  });
}

/** Made when the start request would not fit through Temporal. */
export function parametersTooLarge(found: string, limit: string): AnnealError {
  return new AnnealError(
    `The parameters hold ${found}; a run can be started with up to ${limit}.`,
    {
      code: 'E_PARAM_SIZE',
      hint: 'Put the value into a file and pass its path, or import it as an artifact.',
      details: { found, limit },
    },
  );
}

/** Made when a value is outside the range that a component sets for the input it reaches. */
export function parameterOutOfRange(
  place: {
    /** The run's parameter; undefined for a constant of the pipeline. */
    readonly parameter?: string;
    readonly task: string;
    readonly input: string;
    readonly value: unknown;
  },
  problem: {
    readonly fault: string;
    readonly hint: string;
    readonly code: 'E_PARAM' | 'E_ENDPOINT_NAME' | 'E_INSTANCE_TYPE';
  },
): AnnealError {
  const { parameter, task, input } = place;
  const value = JSON.stringify(place.value).slice(0, 80);
  const subject =
    parameter === undefined ? `Input "${input}" of task "${task}"` : `Parameter "${parameter}"`;
  return new AnnealError(`${subject}: ${value} ${problem.fault}.`, {
    code: problem.code,
    hint: problem.hint,
    where: parameter ?? `${task}.${input}`,
    details: { ...(parameter === undefined ? {} : { parameter }), task, input, value },
  });
}

/** Made when a run id could not serve as a name of stored files. */
export function invalidRunId(runId: string): AnnealError {
  return new AnnealError(`"${runId.slice(0, 80)}" cannot be a run id.`, {
    code: 'E_NAME',
    hint: 'Use 1 to 100 letters, digits, ".", "_" or "-", beginning with a letter or digit.',
    details: { runId: runId.slice(0, 200) },
  });
}

/**
 * Made when an event did not reach a hook.
 * @param hook  its address or command; a secret address by its reference
 */
export function hookFailed(hook: string, reason: string, retryable: boolean): AnnealError {
  return new AnnealError(`The hook ${hook} was not told: ${reason}.`, {
    code: 'E_HOOK',
    hint: 'Try it: anneal hooks test. Hooks are set in anneal.config.ts (docs/events.md).',
    retryable,
    details: { hook },
  });
}

/** Made when a schedule's name could not begin the ids of its runs. */
export function invalidScheduleName(name: string): AnnealError {
  return new AnnealError(`"${name.slice(0, 80)}" cannot be the name of a schedule.`, {
    code: 'E_NAME',
    hint: 'Use 1 to 70 letters, digits, ".", "_" or "-", beginning with a letter or digit.',
  });
}

/** Made when a command is called with words it does not know. */
export function usage(message: string, hint: string): AnnealError {
  return new AnnealError(message, { code: 'E_USAGE', hint });
}

/** Made when the user stopped a command; the run itself may go on. */
export function interrupted(message: string, hint: string): AnnealError {
  return new AnnealError(message, { code: 'E_INTERRUPTED', hint });
}

/** Made when the gate refused the model and the caller asked for a deployment. */
export function gateRefused(endpoint: string, reason: string | undefined): AnnealError {
  return new AnnealError(
    `Nothing was deployed to "${endpoint}": ${(reason ?? 'the gate refused').replace(/\.$/, '')}.`,
    { code: 'E_GATE_REFUSED', hint: 'Leave out --require-deploy to accept a refusal as success.' },
  );
}

/** Made from the error a run ended with, so that commands exit as the run did. */
export function runFailed(
  runId: string,
  failure: { readonly code: ErrorCode; readonly message: string; readonly hint?: string },
  details: Readonly<Record<string, unknown>>,
): AnnealError {
  return new AnnealError(failure.message, {
    code: failure.code,
    hint: failure.hint ?? `See what happened: anneal show ${runId}`,
    details: { runId, ...details },
  });
}

/** Made for an error nobody expected: a fault in Anneal. */
export function internalFault(cause: unknown): AnnealError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new AnnealError(`Anneal met a fault of its own: ${message}`, {
    code: 'E_INTERNAL',
    hint: 'Run the command again with --debug and report what it prints.',
    cause,
  });
}
