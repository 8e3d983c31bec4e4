import type { Settings, TemporalConnection } from '../../config/index.js';
import { checkDatabase } from '../service/check-database.js';
import { findFreePorts } from '../service/free-ports.js';
import { readServiceState } from '../service/read-service-state.js';
import { servicePaths } from '../service/service-paths.js';
import { finding, type DoctorFinding } from './finding.js';

/** The Temporal service that commands will use. */
export function checkService(settings: Settings): Promise<DoctorFinding[]> {
  if (settings.temporal.mode === 'cluster') return checkCluster(settings.temporal.connection);
  const { database } = servicePaths(settings.home);
  return Promise.all([
    finding('Temporal server', 'anneal dev', () => describeEmbedded(settings)),
    finding('Server database', `mv ${database} ${database}.damaged`, () =>
      describeDatabase(database),
    ),
    finding('Loopback ports', 'Allow programs to listen on 127.0.0.1.', describePorts),
  ]);
}

function checkCluster({ namespace, ...server }: TemporalConnection): Promise<DoctorFinding[]> {
  const fix =
    'Correct TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the TLS settings, or unset them to use the embedded server.';
  const check = async (): Promise<string> => {
    const { Connection } = await import('@temporalio/client');
    const connection = await Connection.connect({ ...server, connectTimeout: '5s' });
    try {
      await connection.workflowService.describeNamespace({ namespace });
      return `${server.address}, namespace ${namespace}`;
    } finally {
      await connection.close();
    }
  };
  return Promise.all([finding('Temporal server', fix, check)]);
}

async function describeEmbedded({ home }: Settings): Promise<string> {
  const state = await readServiceState(servicePaths(home));
  if (state === undefined) return 'embedded; not running, started when it is needed';
  if (state.failure !== undefined) throw new Error(state.failure.message);
  return `embedded; ${state.server} at ${state.address}, workers ${state.workers}`;
}

function describeDatabase(database: string): string {
  checkDatabase(database);
  return database;
}

async function describePorts(): Promise<string> {
  await findFreePorts(4);
  return 'free ones are available';
}
