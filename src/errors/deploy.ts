// Wording of the deploy family: names and settings refused before a run, deployments that failed.

import { AnnealError } from './anneal-error.js';

/** Made when an endpoint name breaks the rule that SageMaker and the local target share. */
export function endpointNameRefused(name: string): AnnealError {
  return new AnnealError(
    `The endpoint name ${JSON.stringify(name)} is not allowed: use 1 to 63 letters, digits and hyphens, beginning and ending with a letter or digit.`,
    {
      code: 'E_ENDPOINT_NAME',
      hint: 'Set the parameter endpoint_name, for example churn-model-prod.',
      details: { name, pattern: '[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}' },
    },
  );
}

/** Made when an instance type is misspelt or unknown to SageMaker. */
export function instanceTypeRefused(instanceType: string, suggestion?: string): AnnealError {
  return new AnnealError(`The instance type ${JSON.stringify(instanceType)} is not allowed.`, {
    code: 'E_INSTANCE_TYPE',
    hint:
      suggestion === undefined
        ? 'Use a SageMaker type, for example ml.m5.large.'
        : `Did you mean ${suggestion}?`,
    details: { instanceType },
  });
}

/** Made when AWS settings are missing or malformed, or AWS refuses the caller. */
export function awsConfigWrong(problem: string, hint: string, cause?: unknown): AnnealError {
  return new AnnealError(problem, { code: 'E_AWS_CONFIG', hint, cause });
}

/** Made when the target cannot carry out the policy of an endpoint. */
export function policyRefused(problem: string, hint: string): AnnealError {
  return new AnnealError(`The policy of this endpoint cannot be carried out: ${problem}.`, {
    code: 'E_AWS_CONFIG',
    hint,
  });
}

/** Made when the endpoint exists and carries no tag of ours. */
export function endpointOwnedByOthers(endpoint: string): AnnealError {
  return new AnnealError(
    `The endpoint "${endpoint}" exists and was not made by Anneal; it was left as it is.`,
    {
      code: 'E_ENDPOINT_OWNER',
      hint: 'Choose another endpoint_name, or allow adoption in the deployer settings (adopt).',
      details: { endpoint },
    },
  );
}

/** Made when the bytes to deploy are missing, empty, or not the recorded ones. */
export function modelDamaged(
  problem: string,
  details: Readonly<Record<string, unknown>>,
): AnnealError {
  return new AnnealError(`The model cannot be deployed: ${problem}.`, {
    code: 'E_ARTIFACT',
    hint: 'Run the pipeline again; a damaged artifact is recomputed, never served.',
    details,
  });
}

/** Made when a model is in a format the target cannot, or may not, serve. */
export function modelFormatRefused(problem: string, hint: string): AnnealError {
  return new AnnealError(problem, { code: 'E_MODEL_FORMAT', hint });
}

/** Made when a target fails in a way that is not the model's fault. */
export function deploymentFailed(
  endpoint: string,
  problem: string,
  options: {
    readonly hint?: string;
    readonly retryable?: boolean;
    readonly details?: Readonly<Record<string, unknown>>;
    readonly cause?: unknown;
  } = {},
): AnnealError {
  return new AnnealError(`The endpoint "${endpoint}" could not be changed: ${problem}.`, {
    code: 'E_DEPLOY',
    hint: options.hint ?? 'See what it serves now: anneal endpoints',
    retryable: options.retryable ?? false,
    details: { endpoint, ...options.details },
    cause: options.cause,
  });
}

/** Made when no endpoint of that name is known to the target. */
export function endpointNotFound(endpoint: string): AnnealError {
  return new AnnealError(`There is no endpoint "${endpoint}".`, {
    code: 'E_NOT_FOUND',
    hint: 'List the endpoints: anneal endpoints',
    details: { endpoint },
  });
}

/** Made when the shares of two models are to be changed, and the endpoint serves one alone. */
export function noSplit(endpoint: string): AnnealError {
  return new AnnealError(`The endpoint "${endpoint}" serves one model alone: there is no split.`, {
    code: 'E_STATE',
    hint: 'A deployment under a policy with sagemaker.split makes one (docs/sagemaker-rollout.md).',
    details: { endpoint },
  });
}

/** Made when a target is asked for a split that knows none. */
export function splitUnknown(endpoint: string, target: string): AnnealError {
  return new AnnealError(
    `The endpoint "${endpoint}" cannot be split: the ${target} target serves one model at a time.`,
    {
      code: 'E_STATE',
      hint: "Splits are SageMaker's: set ANNEAL_DEPLOY_TARGET=sagemaker.",
      details: { endpoint, target },
    },
  );
}

/** Made when the gate's own check, right before the deployment, says no. */
export function deploymentRefused(
  code: 'E_DEPLOY_REFUSED' | 'E_METRIC',
  reason: string,
  details: Readonly<Record<string, unknown>>,
): AnnealError {
  return new AnnealError(`The model was not deployed: ${reason}.`, {
    code,
    hint: 'Only a model that was evaluated, and passed, may be deployed; look at the evaluate task of this run.',
    details,
  });
}
