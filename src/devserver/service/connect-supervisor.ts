import { lstatSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';

/** Connects to the supervisor that listens on a socket; undefined when none does. */
export function connectSupervisor(socketPath: string): Promise<Socket | undefined> {
  if (!isOurs(path.dirname(socketPath))) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

/** A folder that another user could write to may hold that user's socket. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && stat.uid === userInfo().uid && (stat.mode & 0o022) === 0;
}
