// Which port an endpoint gets, once for its whole life.
//
// N1. A known endpoint gets its recorded port or an error, never another one: callers hold it.
// N2. A new endpoint avoids the ports of all recorded ones, running or not.

import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deployErrors } from '../../errors/index.js';
import { endpointFolder } from './endpoint-folder.js';
import { readEndpointRecord } from './endpoint-record.js';
import { openRouter, type Router } from './router.js';

/** Inclusive bounds. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Opens the router of an endpoint on its recorded port, or on a free one of the range. */
export async function openPublicPort(
  endpoint: { readonly name: string; readonly root: string; readonly recordedPort?: number },
  range: PortRange,
): Promise<Router> {
  if (endpoint.recordedPort !== undefined)
    return openRecorded(endpoint.name, endpoint.recordedPort);
  const taken = await recordedPorts(dirname(endpoint.root));
  for (const port of candidatePorts(endpoint.name, range)) {
    if (taken.has(port)) continue;
    const router = await tryOpen(port);
    if (router !== undefined) return router;
  }
  throw deployErrors.deploymentFailed(
    endpoint.name,
    `no port from ${range.first} to ${range.last} is free`,
  );
}

/** Every port of the range once, beginning at one derived from the name. */
export function candidatePorts(name: string, range: PortRange): number[] {
  const size = range.last - range.first + 1;
  const start = createHash('sha256').update(name).digest().readUInt32BE() % size;
  return Array.from({ length: size }, (_, step) => range.first + ((start + step) % size));
}

async function openRecorded(name: string, port: number): Promise<Router> {
  const router = await tryOpen(port);
  if (router !== undefined) return router;
  throw deployErrors.deploymentFailed(name, `its port ${port} is used by another program`, {
    hint: `End the program that listens on 127.0.0.1:${port}, or deploy to another endpoint name.`,
    details: { port },
  });
}

async function recordedPorts(endpoints: string): Promise<Set<number>> {
  const names = await readdir(endpoints).catch(() => []);
  const records = await Promise.all(
    names.map((name) =>
      readEndpointRecord(endpointFolder(join(endpoints, name)).record).catch(() => undefined),
    ),
  );
  return new Set(records.flatMap((record) => (record === undefined ? [] : [record.port])));
}

async function tryOpen(port: number): Promise<Router | undefined> {
  try {
    return await openRouter(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
