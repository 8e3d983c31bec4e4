import { AnnealError } from './anneal-error.js';

/** Made when an environment variable begins with ANNEAL_ and nothing reads it. */
export function settingUnknown(
  name: string,
  nearest: string | undefined,
  known: readonly string[],
): AnnealError {
  return new AnnealError(`The environment variable ${name} is not a setting of Anneal.`, {
    code: 'E_CONFIG',
    where: name,
    hint: nearest
      ? `Did you mean ${nearest}?`
      : `Unset it, or use one of: ${known.join(', ')} (docs/settings.md).`,
    details: { name, known },
  });
}

/**
 * Made when a setting has a value that it cannot have.
 * @param where  the file and key it comes from, when it is not the environment
 */
export function settingInvalid(
  name: string,
  value: string,
  expected: string,
  where = name,
): AnnealError {
  return new AnnealError(`${where} is "${value}"; expected ${expected}.`, {
    code: 'E_CONFIG',
    where,
    hint: `Change or remove it; docs/settings.md lists every setting.`,
    details: { name, value, expected },
  });
}

/** Made when a command needs a setting that is not set. */
export function settingNeeded(name: string): AnnealError {
  return new AnnealError(`${name} is not set.`, {
    code: 'E_CONFIG',
    where: name,
    hint: 'Set it in the environment or in anneal.config.ts (docs/settings.md).',
    details: { name },
  });
}

/** Made when anneal.config.ts cannot be read. */
export function configFileInvalid(file: string, reason: string, cause?: unknown): AnnealError {
  return new AnnealError(`The configuration ${file} cannot be used: ${reason}`, {
    code: 'E_CONFIG',
    where: file,
    hint: 'Correct the file, or move it away; docs/settings.md shows one.',
    details: { file, reason },
    cause,
  });
}

/** Made when anneal.config.ts has a key that nothing reads. */
export function configKeyUnknown(
  file: string,
  key: string,
  nearest: string | undefined,
  known: readonly string[],
): AnnealError {
  return new AnnealError(`"${key}" in ${file} is not a setting of Anneal.`, {
    code: 'E_CONFIG',
    where: `${file}: ${key}`,
    hint: nearest
      ? `Did you mean ${nearest}?`
      : `Remove it, or use one of: ${known.join(', ')} (docs/settings.md).`,
    details: { file, key, known },
  });
}

/** Made when a secret that a setting refers to cannot be had. The value is never part of it. */
export function secretNotThere(reference: string, reason: string): AnnealError {
  return new AnnealError(`The secret ${reference} cannot be used: ${reason}.`, {
    code: 'E_CONFIG',
    where: reference,
    hint: 'Put it where the reference says, or change the reference; docs/settings.md lists the forms.',
    details: { reference, reason },
  });
}

/** Made when Temporal's own configuration (temporal.toml, TEMPORAL_*) cannot be used. */
export function temporalConfigInvalid(reason: string, file: string | undefined): AnnealError {
  return new AnnealError(`Temporal's configuration cannot be used: ${reason}`, {
    code: 'E_CONFIG',
    where: file ?? 'TEMPORAL_*',
    hint: 'Correct it, or unset TEMPORAL_PROFILE and TEMPORAL_CONFIG_FILE to use the embedded server.',
    details: { reason },
  });
}

/** Made when no Python on this machine can carry the environments. */
export function pythonNotFound(
  minimum: string,
  tooOld: readonly string[],
  wanted: string | undefined,
): AnnealError {
  const found = tooOld.length > 0 ? ` (${tooOld.join(', ')})` : '';
  const subject = wanted === undefined ? 'No Python' : `ANNEAL_PYTHON (${wanted}) is no Python`;
  return new AnnealError(`${subject} of version ${minimum} or newer was found${found}.`, {
    code: 'E_ENVIRONMENT',
    hint: 'Install one (apt-get install python3 python3-venv), or name it: ANNEAL_PYTHON=/path/to/python3',
    details: { minimum, tooOld },
  });
}

/** Made when Python cannot make virtual environments, as on a Debian without python3-venv. */
export function venvNotUsable(python: string, tail: string): AnnealError {
  return new AnnealError(`${python} cannot make a virtual environment: ${lastLine(tail)}`, {
    code: 'E_ENVIRONMENT',
    where: python,
    hint: 'Install its venv module: apt-get install python3-venv',
    details: { tail },
  });
}

/** Made when the packages of an environment cannot be installed. */
export function environmentNotBuilt(
  folder: string,
  tail: string,
  uvFailure: string | undefined,
): AnnealError {
  return new AnnealError(`The Python environment could not be built: ${lastLine(tail)}`, {
    code: 'E_ENVIRONMENT',
    where: folder,
    hint: 'Check the network and the package index (PIP_INDEX_URL, pip.conf), then run the command again; --debug shows what the installers said.',
    retryable: true,
    details: { tail, ...(uvFailure === undefined ? {} : { uvFailure }) },
  });
}

/** Made when ANNEAL_PYTHON_ENV or ANNEAL_DEV_PYTHON names no program. */
export function pythonEnvironmentMissing(python: string): AnnealError {
  return new AnnealError(`The Python environment's program ${python} does not exist.`, {
    code: 'E_ENVIRONMENT',
    where: python,
    hint: 'Correct or unset ANNEAL_PYTHON_ENV or ANNEAL_DEV_PYTHON: Anneal then builds one itself.',
  });
}

/** Made when another process has been building the same thing for too long. */
export function buildStuck(folder: string, lock: string): AnnealError {
  return new AnnealError(`Another command has been setting up ${folder} for 20 minutes.`, {
    code: 'E_ENVIRONMENT',
    where: lock,
    hint: 'End that command, then run this one again.',
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Made when the embedded server's database cannot be used. Artifacts and lineage are elsewhere and unharmed. */
export function databaseDamaged(file: string, reason: string): AnnealError {
  return new AnnealError(`The embedded server's database is damaged: ${reason}.`, {
    code: 'E_ENVIRONMENT',
    where: file,
    hint: `Put it aside and start with an empty one: mv ${file} ${file}.damaged (only the histories of runs are in it; artifacts, reports and endpoints stay).`,
    details: { reason },
  });
}

/** Made when a process of the embedded service ends again and again. */
export function serviceProcessFailed(
  name: string,
  program: string,
  logTail: string,
  logFile: string,
): AnnealError {
  const reason = logTail === '' ? '' : `: ${lastLine(logTail)}`;
  return new AnnealError(`The ${name} of the embedded service does not stay up${reason}`, {
    code: 'E_ENVIRONMENT',
    where: logFile,
    hint: `Read its log (${logFile}), and check the set-up: anneal doctor`,
    details: { program, logTail },
  });
}

/** Made when the embedded service cannot be started, or is not ready in time. */
export function serviceNotStarted(reason: string, logFile: string): AnnealError {
  return new AnnealError(`The embedded service did not start: ${reason}`, {
    code: 'E_ENVIRONMENT',
    where: logFile,
    hint: `Read its log (${logFile}), and check the set-up: anneal doctor`,
  });
}

/** Made when another command ended the embedded service under this one. */
export function serviceStopped(home: string): AnnealError {
  return new AnnealError('The embedded service was stopped by another command.', {
    code: 'E_SERVER',
    where: home,
    hint: 'Runs in progress go on when it is started again: anneal dev',
  });
}

/** Made when the running workers are not what this command asks for. */
export function serviceDiffers(difference: string): AnnealError {
  return new AnnealError(`Workers started by another command are running, and ${difference}.`, {
    code: 'E_CONFIG',
    hint: 'End that command (often "anneal dev") first, or use another home: ANNEAL_HOME=/path',
    details: { difference },
  });
}

/** Made when no Temporal CLI is there to run the embedded server. */
export function temporalCliMissing(): AnnealError {
  return new AnnealError('The Temporal CLI is not in the Python environment and not on the PATH.', {
    code: 'E_ENVIRONMENT',
    hint: 'Install it and name it: ANNEAL_TEMPORAL_CLI=/path/to/temporal; or use a cluster: TEMPORAL_ADDRESS=host:7233',
  });
}

/** Made when the user's rules for images cannot be used. */
export function imageRulesInvalid(file: string, reason: string, cause: unknown): AnnealError {
  return new AnnealError(`The image rules in ${file} cannot be used: ${reason}`, {
    code: 'E_CONFIG',
    where: file,
    hint: 'Write a list of rules: image, and use, python or requirements (docs/kfp.md).',
    cause,
  });
}

/** Made when a worker is asked for and no cluster is configured: the embedded server brings its own. */
export function clusterNotConfigured(): AnnealError {
  return new AnnealError('No Temporal cluster is configured for this worker.', {
    code: 'E_CONFIG',
    where: 'TEMPORAL_ADDRESS',
    hint: 'Set TEMPORAL_ADDRESS or a profile of temporal.toml; for the embedded server use: anneal dev',
  });
}

/** Made when every port that metrics may be served at is taken. @param address  as the setting has it */
export function metricsAddressTaken(address: string, cause: unknown): AnnealError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AnnealError(`Metrics cannot be served at ${address}: ${reason}.`, {
    code: 'E_CONFIG',
    where: 'ANNEAL_METRICS_ADDRESS',
    hint: 'Where several workers share a machine, give a range: ANNEAL_METRICS_ADDRESS=127.0.0.1:9464-9473.',
    details: { address },
    cause,
  });
}
