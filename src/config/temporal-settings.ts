// Which Temporal to use, by Temporal's own configuration: TEMPORAL_* variables and temporal.toml.

import { existsSync } from 'node:fs';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { configErrors } from '../errors/index.js';
import type { Environment } from './environment.js';
import type { TemporalConnection, TemporalSettings } from './settings.js';

// A profile that names no address means this one: the default of Temporal's CLI and SDKs.
const TEMPORAL_DEFAULT_ADDRESS = 'localhost:7233';

/**
 * Reads Temporal's configuration: `embedded` unless an address or a profile is configured.
 *
 * @throws E_CONFIG when the file or profile named does not exist or cannot be read
 */
export function loadTemporalSettings(environment: Environment): TemporalSettings {
  const file = environment['TEMPORAL_CONFIG_FILE'];
  if (file !== undefined && !existsSync(file)) {
    throw configErrors.temporalConfigInvalid(`the file ${file} does not exist.`, file);
  }
  const { connectionOptions, namespace } = readClientConfig(environment, file);
  const isProfileNamed = environment['TEMPORAL_PROFILE'] !== undefined;
  const address =
    connectionOptions.address ?? (isProfileNamed ? TEMPORAL_DEFAULT_ADDRESS : undefined);
  if (address === undefined) return { mode: 'embedded' };
  const connection: TemporalConnection = {
    address,
    namespace: namespace ?? 'default',
    apiKey: connectionOptions.apiKey,
    tls: connectionOptions.tls ?? undefined,
    metadata: connectionOptions.metadata as Record<string, string> | undefined,
  };
  return { mode: 'cluster', connection };
}

function readClientConfig(environment: Environment, file: string | undefined): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: { ...environment } });
  } catch (error) {
    // envconfig 1.24 reads the default profile of a file without any profile by a TypeError.
    if (error instanceof TypeError && environment['TEMPORAL_PROFILE'] === undefined) {
      return loadClientConnectConfig({ disableFile: true, overrideEnvVars: { ...environment } });
    }
    throw configErrors.temporalConfigInvalid(
      error instanceof Error ? error.message : String(error),
      file,
    );
  }
}

/** Whether the traffic to a Temporal address leaves this machine unencrypted. */
export function isPlaintextRemote(connection: TemporalConnection): boolean {
  const host = connection.address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return !isLoopback && (connection.tls === undefined || connection.tls === false);
}
