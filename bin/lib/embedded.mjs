// The built code, and an embedded service of its own with a client: for programs in bin/.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../setup.mjs';

const MODULES = [
  ...['activities', 'client', 'config', 'deploy', 'devserver', 'ir/yaml', 'lineage', 'storage'].map(
    (folder) => `src/${folder}/index.js`,
  ),
  'workers/open-parts.js',
  'workers/workflow-bundle.js',
];

/** Everything that the built folders offer, as one object. */
export async function loadBuilt() {
  const load = (file) => import(pathToFileURL(path.join(ROOT, 'dist', file)).href);
  return Object.assign({}, ...(await Promise.all(MODULES.map(load))));
}

/**
 * Opens a service.
 *
 * @param {string} home  ANNEAL_HOME: a folder that need not exist
 * @param {Record<string, string>} variables  further settings
 * @param {{ needWorkers?: boolean }} options  without workers runs wait for those that the caller starts
 */
export async function openEmbedded(home, variables = {}, { needWorkers = true } = {}) {
  const modules = await loadBuilt();
  const settings = modules.loadSettings({
    PATH: process.env.PATH,
    ANNEAL_HOME: home,
    ...(process.env.ANNEAL_PYTHON_ENV && { ANNEAL_PYTHON_ENV: process.env.ANNEAL_PYTHON_ENV }),
    ...variables,
  });
  const report = (line) => void process.stderr.write(`${line}\n`);
  const environment = await modules.ensurePythonEnvironment({ settings, report });
  const lease = await modules.openService(settings, { needWorkers, report });
  const store = await modules.openStore(settings.store, settings);
  const client = await modules.AnnealClient.connect({ ...lease.connection, store });
  const close = async () => {
    await stopEndpoints(modules, home);
    await client.close();
    await lease.close();
  };
  return { modules, settings, environment, lease, store, client, close };
}

async function stopEndpoints(modules, home) {
  const folder = path.join(home, 'endpoints');
  const deployer = modules.createLocalDeployer({ folder, python: '', pythonTasksFolder: '' });
  for (const { name } of await deployer.list()) await deployer.stop(name);
}
