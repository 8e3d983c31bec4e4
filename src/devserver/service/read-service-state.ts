import { connectSupervisor } from './connect-supervisor.js';
import type { ServiceState } from './protocol.js';
import type { ServicePaths } from './service-paths.js';
import { SupervisorConnection } from './supervisor-connection.js';

/** Asks a running service how it is, without keeping it up; undefined when none runs. */
export async function readServiceState(paths: ServicePaths): Promise<ServiceState | undefined> {
  const socket = await connectSupervisor(paths.socket);
  if (socket === undefined) return undefined;
  const connection = new SupervisorConnection(socket, () => undefined);
  const state = await connection.ask({ type: 'status' }, (reply) =>
    reply.type === 'state' ? reply : undefined,
  );
  connection.end();
  return state;
}
