// The configuration of one node of a Temporal cluster: all four services, on one loopback address.
//
// N1. Temporal finds a service of another node by that node's address and its own port number: nodes of one machine
//     share ports and differ in the address.

import { stringify } from 'yaml';
import type { Postgres } from './postgres.js';

/** Temporal's own port numbers. Its table of nodes holds numbers up to 32,767, so no port chosen by the system. */
const SERVICES = {
  frontend: { grpcPort: 7233, membershipPort: 6933 },
  history: { grpcPort: 7234, membershipPort: 6934 },
  matching: { grpcPort: 7235, membershipPort: 6935 },
  worker: { grpcPort: 7239, membershipPort: 6939 },
};
const SHARDS = 4; // the default of Temporal's own set-up image

/** `host:port` of a node's frontend. */
export function frontendOf(address: string): string {
  return `${address}:${SERVICES.frontend.grpcPort}`;
}

/** Writes a node's configuration as the server reads it. */
export function nodeConfig(address: string, postgres: Postgres): string {
  const frontend = frontendOf(address);
  return stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      numHistoryShards: SHARDS,
      defaultStore: 'default',
      visibilityStore: 'visibility',
      datastores: {
        default: { sql: database('temporal', postgres) },
        visibility: { sql: database('temporal_visibility', postgres) },
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: address } },
    services: Object.fromEntries(
      Object.entries(SERVICES).map(([name, ports]) => [
        name,
        { rpc: { ...ports, bindOnIP: address } },
      ]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: frontend,
        },
      },
    },
    publicClient: { hostPort: frontend },
  });
}

function database(databaseName: string, { port, user, password }: Postgres): object {
  return {
    pluginName: 'postgres12',
    databaseName,
    connectAddr: `127.0.0.1:${port}`,
    connectProtocol: 'tcp',
    user,
    password,
    maxConns: 20,
    maxIdleConns: 20,
    maxConnLifetime: '1h',
  };
}
