// Errors of containers: the daemon that runs them, their images, and what they are not given.
//
// D1. No message holds a credential of a registry.

import { AnnealError } from './anneal-error.js';

/** Made when no container daemon answers. `retryable`: a task was under way, and the daemon may come back. */
export function daemonUnreachable(
  address: string,
  reason: string,
  retryable = false,
  cause?: unknown,
): AnnealError {
  return new AnnealError(`The container daemon at ${address} does not answer: ${reason}.`, {
    code: 'E_RUNNER',
    hint: 'Start it (systemctl start docker), set DOCKER_HOST to where it listens, or choose --runner process.',
    retryable,
    details: { address, reason },
    cause,
  });
}

/** Made when this user may not use the daemon's socket. */
export function daemonDenied(address: string, user: string, cause?: unknown): AnnealError {
  return new AnnealError(`User ${user} may not use the container daemon at ${address}.`, {
    code: 'E_RUNNER',
    hint: 'Add the user to the group of the socket (usermod -aG docker), or set DOCKER_HOST to a rootless daemon.',
    details: { address, user },
    cause,
  });
}

/** Made when the daemon is one that the runner does not work with. */
export function daemonUnfit(address: string, reason: string): AnnealError {
  return new AnnealError(`The container daemon at ${address} cannot be used: ${reason}.`, {
    code: 'E_RUNNER',
    hint: 'See docs/runners.md for what the docker runner needs of a daemon.',
    details: { address, reason },
  });
}

/** Made when the daemon refuses a request for a reason that is none of the task's. */
export function daemonRefused(task: string, reason: string, cause?: unknown): AnnealError {
  return new AnnealError(`The container of task "${task}" could not be made: ${reason}.`, {
    code: 'E_RUNNER',
    hint: 'Read the log of the daemon; "anneal doctor" checks it.',
    details: { task, reason },
    cause,
  });
}

/** Made when the disk of the daemon is full. */
export function daemonDiskFull(task: string, reason: string): AnnealError {
  return new AnnealError(`The container of task "${task}" found no room: ${reason}.`, {
    code: 'E_RUNNER',
    hint: 'Free space where the daemon keeps its images (docker system df, docker image prune).',
    details: { task, reason },
  });
}

/** Made when an image is neither on the daemon nor to be had. */
export function imageNotThere(image: string, reason: string, cause?: unknown): AnnealError {
  return new AnnealError(`The image "${image}" cannot be had: ${reason}.`, {
    code: 'E_IMAGE',
    hint: imageHint(image),
    details: { image, reason },
    cause,
  });
}

/** Made when a registry could not be reached just now. */
export function imagePullFailed(image: string, reason: string, cause?: unknown): AnnealError {
  return new AnnealError(`The image "${image}" could not be pulled: ${reason}.`, {
    code: 'E_IMAGE',
    hint: 'Check that this machine reaches the registry; it is tried again.',
    retryable: true,
    details: { image, reason },
    cause,
  });
}

/** Made when an image cannot run a task: it lacks the program, or has another machine's format. */
export function imageLacksProgram(
  task: string,
  { image, command, reason }: { image: string; command: string; reason: string },
): AnnealError {
  return new AnnealError(`Task "${task}" could not start "${command}" of "${image}": ${reason}.`, {
    code: 'E_IMAGE',
    hint: "Correct the component's command, or use an image that has the program.",
    details: { task, image, command, reason },
  });
}

/** Made when a task asks for devices that the daemon does not have. */
export function acceleratorMissing(task: string, type: string): AnnealError {
  return new AnnealError(`Task "${task}" asks for ${type}, which this daemon does not offer.`, {
    code: 'E_UNSUPPORTED',
    hint: 'Install the NVIDIA container runtime on this machine, or run the task where it is.',
    details: { task, type },
  });
}

/** Made when a task asks for a network that the settings do not allow. */
export function networkRefused(task: string, wanted: string, allowed: string): AnnealError {
  return new AnnealError(
    `Task "${task}" needs the network "${wanted}", but ANNEAL_DOCKER_NETWORK is "${allowed}".`,
    {
      code: 'E_UNSUPPORTED',
      hint: 'Put what the task installs into its image, or set ANNEAL_DOCKER_NETWORK to auto or bridge.',
      details: { task, wanted, allowed },
    },
  );
}

/** Made when what a container left behind is no plain data. */
export function leftoverRefused(place: string, reason: string): AnnealError {
  return new AnnealError(
    `The task left ${place}, which is not taken out of its container: ${reason}.`,
    {
      code: 'E_TASK_OUTPUT',
      hint: 'Write outputs as plain files and folders below the paths that the task is given.',
      details: { place, reason },
    },
  );
}

function imageHint(image: string): string {
  if (/(^|\/)anneal-tasks(:|@|$)/.test(image)) {
    return 'Build it (npm run images), or name one with ANNEAL_TASKS_IMAGE.';
  }
  return 'Correct the name, pull or build it on this machine, or log in (docker login) when it is private.';
}
