import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { mapTemporalError } from './temporal-error.js';

export interface ServerOptions {
  /** `host:port` of the Temporal server. */
  readonly address: string;
  readonly namespace: string;
  /** TLS, API key and headers, as @temporalio/envconfig reads them. */
  readonly connection?: Pick<ConnectionOptions, 'tls' | 'apiKey' | 'metadata'>;
  /** How long a first answer is waited for, in milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number;
}

/**
 * Opens a connection and checks that server and namespace are there.
 *
 * @throws E_SERVER, E_NAMESPACE
 */
export async function connect(options: ServerOptions): Promise<Client> {
  const { address, namespace } = options;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({
      address,
      connectTimeout: options.connectTimeoutMs ?? 5000,
      ...options.connection,
    });
    await connection.workflowService.describeNamespace({ namespace });
    return new Client({ connection, namespace });
  } catch (error) {
    await connection?.close();
    throw mapTemporalError(error, { address, namespace });
  }
}
