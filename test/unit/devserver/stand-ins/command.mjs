// Stands in for a command in its own process: opens the service, says where it is, and closes it on SIGINT.
// Arguments: home, Temporal CLI, Python, worker script.

import { loadSettings } from '../../../../dist/src/config/index.js';
import { openService } from '../../../../dist/src/devserver/index.js';

const [home, temporalCli, python, workerScript] = process.argv.slice(2);
const settings = loadSettings({
  ANNEAL_HOME: home,
  ANNEAL_TEMPORAL_CLI: temporalCli,
  ANNEAL_PYTHON_ENV: python,
});
const lease = await openService(settings, { needWorkers: true, workerScript });
process.on('SIGINT', () => void lease.close().then(() => process.exit(130)));
process.stdout.write(`${lease.address}\n`);
