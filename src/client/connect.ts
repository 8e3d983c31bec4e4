import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { openTracing } from '../telemetry/tracing/index.js';
import { mapTemporalError } from './temporal-error.js';

/** How to reach the server; TLS, API key and headers as @temporalio/envconfig reads them. */
export interface ServerOptions extends Readonly<
  Pick<ConnectionOptions, 'tls' | 'apiKey' | 'metadata'>
> {
  /** `host:port` of the Temporal server. */
  readonly address: string;
  readonly namespace: string;
  /**
   * Spans for what is done to runs, over OTLP where OpenTelemetry's variables say, or by the tracer provider that the
   * program has registered. Default: off; `fromEnvironment`: on where OTEL_EXPORTER_OTLP_ENDPOINT is set.
   */
  readonly tracing?: boolean;
  /** How long a first answer is waited for, in milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number;
}

/** A connection to the server. */
export interface ServerConnection {
  readonly temporal: Client;
  /** Closes the connection and sends what spans there are. */
  close(): Promise<void>;
}

/**
 * Opens a connection and checks that server and namespace are there.
 *
 * @throws E_SERVER, E_NAMESPACE
 */
export async function connect(options: ServerOptions): Promise<ServerConnection> {
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
    return await opened(connection, options);
  } catch (error) {
    await connection?.close();
    throw mapTemporalError(error, { address, namespace });
  }
}

async function opened(
  connection: Connection,
  { namespace, tracing: isTraced }: ServerOptions,
): Promise<ServerConnection> {
  const tracing = isTraced ? await openTracing({ serviceName: 'anneal-client' }) : undefined;
  const workflow = tracing ? [tracing.client] : [];
  return {
    temporal: new Client({ connection, namespace, interceptors: { workflow } }),
    close: async () => {
      await connection.close();
      await tracing?.close();
    },
  };
}
