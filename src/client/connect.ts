import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { mapTemporalError } from './temporal-error.js';

/** How to reach the server; TLS, API key and headers as @temporalio/envconfig reads them. */
export interface ServerOptions extends Readonly<
  Pick<ConnectionOptions, 'tls' | 'apiKey' | 'metadata'>
> {
  /** `host:port` of the Temporal server. */
  readonly address: string;
  readonly namespace: string;
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
      tls: options.tls,
      apiKey: options.apiKey,
      metadata: options.metadata,
    });
    await connection.workflowService.describeNamespace({ namespace });
    return new Client({ connection, namespace });
  } catch (error) {
    await connection?.close();
    throw mapTemporalError(error, { address, namespace });
  }
}
