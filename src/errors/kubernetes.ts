// Errors of the kubernetes runner: the API server, its rights, and what a cluster does with a pod.
//
// U1. No message repeats a credential: the API server is named by its address alone.

import { AnnealError } from './anneal-error.js';

/** Where a request went. */
export interface ClusterPlace {
  /** Address of the API server. */
  readonly server: string;
  readonly namespace: string;
}

/** Made when no kubeconfig and no service account says where the cluster is. */
export function clusterUnknown(reason: string): AnnealError {
  return new AnnealError(`The kubernetes runner does not know its cluster: ${reason}.`, {
    code: 'E_RUNNER',
    hint: 'Set KUBECONFIG (or ANNEAL_KUBERNETES_CONFIG), check the context, or run the worker in a pod of the cluster.',
    details: { reason },
  });
}

/** Made when the API server does not answer. `retryable`: in the middle of a run, where it may come back. */
export function clusterUnreachable(
  { server }: ClusterPlace,
  reason: string,
  retryable: boolean,
): AnnealError {
  return new AnnealError(`The Kubernetes API server at ${server} cannot be reached: ${reason}.`, {
    code: 'E_RUNNER',
    hint: 'Check the address with "kubectl cluster-info", the network, and the context (ANNEAL_KUBERNETES_CONTEXT).',
    retryable,
    details: { server, reason },
  });
}

/** Made when the API server does not know the caller. */
export function clusterUnauthorized({ server }: ClusterPlace): AnnealError {
  return new AnnealError(
    `The Kubernetes API server at ${server} refused the worker's credentials.`,
    {
      code: 'E_RUNNER',
      hint: 'Log in again or renew the token; "kubectl auth whoami" with the same kubeconfig must answer.',
      details: { server },
    },
  );
}

/** Made when the worker lacks a right. */
export function clusterForbidden(place: ClusterPlace, right: string, message: string): AnnealError {
  return new AnnealError(
    `The worker may not ${right} in namespace "${place.namespace}": ${clean(message)}.`,
    {
      code: 'E_RUNNER',
      hint: 'Apply workers/kubernetes/base (its Role has every right that is needed), or a policy of the cluster refuses it.',
      details: { ...place, right, message },
    },
  );
}

/** Made when the namespace of the tasks does not exist. */
export function namespaceMissing({ server, namespace }: ClusterPlace): AnnealError {
  return new AnnealError(`There is no namespace "${namespace}" in the cluster at ${server}.`, {
    code: 'E_RUNNER',
    hint: `Create it (kubectl create namespace ${namespace}), or set ANNEAL_KUBERNETES_NAMESPACE.`,
    details: { server, namespace },
  });
}

/** Made when the API server finds an object wrong, or answers with a failure of its own. */
export function clusterRefused(
  action: string,
  status: number,
  message: string,
  retryable: boolean,
): AnnealError {
  return new AnnealError(`Kubernetes did not ${action} (${status}): ${clean(message)}.`, {
    code: 'E_RUNNER',
    hint: retryable
      ? 'It is tried again.'
      : "Correct the component's platform settings or the runner's (docs/kubernetes.md).",
    retryable,
    details: { action, status, message },
  });
}

/** Made when a run's artifacts lie where no pod can get at them. */
export function storeNotShared(store: string): AnnealError {
  return new AnnealError(
    `Pods cannot reach the artifact store ${store}: it is a folder of this machine.`,
    {
      code: 'E_RUNNER',
      hint: 'Set ANNEAL_STORE=s3://bucket/prefix; any S3 server that both worker and pods reach will do.',
      details: { store },
    },
  );
}

/** Made when the pod's image cannot be had. */
export function imageNotPulled(image: string, reason: string, message: string): AnnealError {
  return new AnnealError(
    `The cluster cannot get the image "${image}" (${reason}): ${clean(message)}.`,
    {
      code: 'E_IMAGE',
      hint: 'Check its name and tag, and ANNEAL_KUBERNETES_PULL_SECRETS or imagePullSecret for a private registry.',
      details: { image, reason, message },
    },
  );
}

/** Made when no node takes the pod within the cluster's patience. */
export function podNotPlaced(task: string, seconds: number, message: string): AnnealError {
  return new AnnealError(`No node took task "${task}" within ${seconds} s: ${clean(message)}.`, {
    code: 'E_RUNNER',
    hint: 'Ask for less, add nodes, correct node selector and tolerations, or raise ANNEAL_KUBERNETES_PENDING_SECONDS.',
    details: { task, seconds, message },
  });
}

/** Made when a pod cannot be set up: a secret, config map or volume it names is missing. */
export function podNotConfigured(task: string, message: string): AnnealError {
  return new AnnealError(`Task "${task}" cannot be started: ${clean(message)}.`, {
    code: 'E_SECRET',
    hint: 'Create it in the namespace of the tasks, or mark it optional in the pipeline.',
    details: { task, message },
  });
}

/** Made when a pod was removed for using more disk than its limit. */
export function podOutOfDisk(task: string, message: string): AnnealError {
  return new AnnealError(`Task "${task}" used more disk than its limit: ${clean(message)}.`, {
    code: 'E_TASK_EXIT',
    hint: 'Raise the limit (emptyDir size, ephemeral-storage), or mount a volume.',
    details: { task, message },
  });
}

/** What the launcher in the pod says about a transfer that failed. */
export interface TransferFailure {
  readonly code: 'E_INPUT_NOT_FOUND' | 'E_DIGEST' | 'E_STORE' | 'E_STORE_FULL' | 'E_TASK_OUTPUT';
  readonly message: string;
  readonly hint?: string;
  readonly retryable?: boolean;
}

/** Made when inputs did not reach the pod, or outputs did not leave it. */
export function transferFailed(task: string, step: string, failure: TransferFailure): AnnealError {
  return new AnnealError(`Task "${task}", ${step}: ${clean(failure.message)}.`, {
    code: failure.code,
    hint: failure.hint,
    retryable: failure.retryable ?? false,
    details: { task, step },
  });
}

/** Made when the launcher's container ended without saying why. */
export function transferCrashed(task: string, step: string, reason: string): AnnealError {
  return new AnnealError(`Task "${task}", ${step}: the launcher ended (${reason}).`, {
    code: 'E_RUNNER',
    hint: 'Check that ANNEAL_KUBERNETES_IMAGE is the anneal-tasks image of this version, and the memory it may use.',
    details: { task, step, reason },
  });
}

/** Made when a pod's object would be larger than the cluster's store takes. */
export function jobTooLarge(task: string, bytes: number, limitBytes: number): AnnealError {
  return new AnnealError(
    `The Job of task "${task}" would have ${bytes} bytes; a cluster takes ${limitBytes}.`,
    {
      code: 'E_VALUE_SIZE',
      hint: 'Pass large values as artifacts: the task then gets a path.',
      details: { task, bytes, limitBytes },
    },
  );
}

function clean(message: string): string {
  return message.trim().replace(/[.\s]+$/, '');
}
