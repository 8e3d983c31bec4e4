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

/** Made when a setting has a value that it cannot have. */
export function settingInvalid(name: string, value: string, expected: string): AnnealError {
  return new AnnealError(`${name} is "${value}"; expected ${expected}.`, {
    code: 'E_CONFIG',
    where: name,
    hint: `Change or unset ${name}; docs/settings.md lists every setting.`,
    details: { name, value, expected },
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
