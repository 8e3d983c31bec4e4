import path from 'node:path';
import type { Settings, TemporalConnection } from '../../config/index.js';
import { configErrors } from '../../errors/index.js';
import { PACKAGE_ROOT } from '../package-root.js';
import { ensurePythonEnvironment } from '../python/ensure-python-environment.js';
import type { Report } from '../report.js';
import { EmbeddedLease } from './embedded-lease.js';
import type { ServiceLease } from './service-lease.js';
import { servicePaths } from './service-paths.js';

export interface OpenServiceOptions {
  /** false: only the server is needed, as for listing runs. */
  readonly needWorkers: boolean;
  readonly report?: Report;
  /** JavaScript file of the worker process; default the built one. */
  readonly workerScript?: string;
}

const DIST = path.join(PACKAGE_ROOT, 'dist');
const SUPERVISOR_SCRIPT = path.join(DIST, 'src', 'devserver', 'service', 'supervisor-main.js');
const WORKER_SCRIPT = path.join(DIST, 'workers', 'worker.js');

/**
 * Opens the Temporal service that the settings name: a cluster as it is, or the embedded one, set up and started
 * if it is not running. Settles when the server, and the workers if needed, can be used.
 *
 * @throws E_ENVIRONMENT when the embedded service cannot be set up or started; E_CONFIG when it runs with other settings
 */
export async function openService(
  settings: Settings,
  options: OpenServiceOptions,
): Promise<ServiceLease> {
  if (settings.temporal.mode === 'cluster') return clusterLease(settings.temporal.connection);
  const { needWorkers, report = () => undefined, workerScript = WORKER_SCRIPT } = options;
  const environment = await ensurePythonEnvironment({ settings, report });
  if (environment.temporalCli === undefined) throw configErrors.temporalCliMissing();
  return EmbeddedLease.open({
    settings: {
      ...settings,
      pythonEnvironment: environment.python,
      temporalCli: environment.temporalCli,
    },
    paths: servicePaths(settings.home),
    supervisorScript: SUPERVISOR_SCRIPT,
    workerScript,
    needWorkers,
    report,
    onStart: () => report('Starting the Temporal server and workers…'),
  });
}

function clusterLease(connection: TemporalConnection): ServiceLease {
  return {
    connection,
    address: connection.address,
    namespace: connection.namespace,
    workersReady: false,
    lost: new Promise(() => undefined),
    hold: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
