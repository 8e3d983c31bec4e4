import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** Files of the service of one home; folders are made with mode 0700. */
export interface ServicePaths {
  readonly folder: string;
  readonly lock: string;
  readonly socket: string;
  /** Processes, ports and holds of the supervisor now running, or left by one that was killed. */
  readonly state: string;
  /** The Temporal server's database: every run's history. */
  readonly database: string;
  readonly logs: {
    readonly supervisor: string;
    readonly server: string;
    readonly workers: string;
  };
}

// sockaddr_un.sun_path: 104 bytes on macOS, 108 on Linux, with the closing NUL.
const MAX_SOCKET_BYTES = 103;

export function servicePaths(home: string): ServicePaths {
  const folder = path.join(home, 'service');
  const logs = path.join(home, 'logs');
  return {
    folder,
    lock: path.join(folder, 'supervisor.lock'),
    socket: socketPath(folder),
    state: path.join(folder, 'state.json'),
    database: path.join(home, 'temporal.db'),
    logs: {
      supervisor: path.join(logs, 'supervisor.log'),
      server: path.join(logs, 'temporal-server.log'),
      workers: path.join(logs, 'workers.log'),
    },
  };
}

/** Beside the lock, or, for a home whose path is too long for a socket, in a private temporary folder. */
function socketPath(folder: string): string {
  const socket = path.join(folder, 'supervisor.sock');
  if (Buffer.byteLength(socket) <= MAX_SOCKET_BYTES) return socket;
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `anneal-${userInfo().uid}`, `${digest}.sock`);
}
