import { existsSync } from 'node:fs';
import path from 'node:path';
import { daemonUnfit } from '../../errors/container.js';

const DEFAULT_SOCKET = '/var/run/docker.sock';
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Where a daemon listens. */
export interface DaemonAddress {
  /** As it is shown: `unix:///var/run/docker.sock`. */
  readonly text: string;
  /** Absent: the client reads DOCKER_HOST and its TLS settings itself. */
  readonly socketPath?: string;
}

/**
 * Finds the daemon: DOCKER_HOST, else the first socket there is of Docker, rootless Docker and podman (which is refused by name).
 *
 * @throws E_RUNNER for a daemon of another machine, which would not have this one's files
 */
export function daemonAddress(variables: NodeJS.ProcessEnv): DaemonAddress {
  const host = variables.DOCKER_HOST ?? '';
  if (host === '') return socketAt(firstSocket(variables));
  if (host.startsWith('unix://')) return socketAt(host.slice('unix://'.length) || DEFAULT_SOCKET);
  const text = host.includes('://') ? host : `tcp://${host}`;
  const isHere = URL.canParse(text) && LOOPBACK.test(new URL(text).hostname);
  if (isHere && !text.startsWith('ssh:')) return { text };
  throw daemonUnfit(text, "it is on another machine, which does not have this one's files");
}

function socketAt(socketPath: string): DaemonAddress {
  return { text: `unix://${socketPath}`, socketPath };
}

function firstSocket({ HOME = '', XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): string {
  const own = XDG_RUNTIME_DIR ?? '';
  const sockets = [
    DEFAULT_SOCKET,
    path.join(HOME, '.docker/run/docker.sock'),
    ...(own === '' ? [] : [`${own}/docker.sock`, `${own}/podman/podman.sock`]),
    '/run/podman/podman.sock',
  ];
  return sockets.find((socket) => existsSync(socket)) ?? DEFAULT_SOCKET;
}
