import path from 'node:path';
import {
  createLocalDeployer,
  createSageMakerDeployer,
  type Deployer,
  type EndpointView,
  type LocalDeployer,
} from '../deploy/index.js';
import { clientErrors } from '../errors/index.js';
import { closestMatch } from '../util/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';
import type { Output } from './output/output.js';
import { trafficLines } from './output/rollout-text.js';
import { table } from './output/table.js';

/** Listing, splitting and stopping start no program and upload nothing, so none of that is named. */
const NOT_STARTED = { python: '', pythonTasksFolder: '' };

/** Prints the endpoints of the deployment target. */
export async function listEndpoints(context: CliContext): Promise<void> {
  const { output } = context;
  const endpoints = await (await openDeployer(context)).list();
  output.json({ endpoints });
  output.result(
    endpoints.length === 0 ? 'No endpoints.' : endpointTable(endpoints, output.resultColors),
  );
  for (const line of endpoints.flatMap(trafficLines)) output.result(line);
}

/** Stops one endpoint. @throws E_NOT_FOUND with the nearest name */
export async function stopEndpoint(context: CliContext, name: string): Promise<void> {
  const { output } = context;
  const deployer = await openDeployer(context);
  await findEndpoint(deployer, name);
  await deployer.stop(name);
  output.json({ name, status: 'stopped' });
  output.result(`Endpoint ${name} has stopped.`);
}

/** Opens what holds the endpoints of the deployment target, to list, change and stop them. */
export async function openDeployer(context: CliContext): Promise<Deployer> {
  const { deploy, sagemakerJobs } = await cliSettings(context.environment);
  if (deploy.target === 'local') return openLocalEndpoints(context);
  const { region = '', role = '', image = '' } = deploy.sagemaker;
  return createSageMakerDeployer({
    region,
    roleArn: role,
    image,
    pollMs: sagemakerJobs.pollSeconds * 1000,
    uploadModelArchive: () => Promise.reject(new Error('nothing is uploaded here')),
  });
}

/** Finds an endpoint by its name. @throws E_NOT_FOUND with the nearest name */
export async function findEndpoint(deployer: Deployer, name: string): Promise<EndpointView> {
  const endpoints = await deployer.list();
  const found = endpoints.find((endpoint) => endpoint.name === name);
  if (found !== undefined) return found;
  throw clientErrors.notFound('endpoint', name, {
    nearest: closestMatch(
      name,
      endpoints.map((endpoint) => endpoint.name),
    ),
    hint: 'List the endpoints there are: anneal endpoints',
  });
}

/** Opens the endpoints of this machine. @param python what serves models; needed by those who start one */
export async function openLocalEndpoints(
  context: CliContext,
  { python, pythonTasksFolder }: { python: string; pythonTasksFolder: string } = NOT_STARTED,
): Promise<LocalDeployer> {
  const { home } = await cliSettings(context.environment);
  return createLocalDeployer({ folder: path.join(home, 'endpoints'), python, pythonTasksFolder });
}

function endpointTable(endpoints: readonly EndpointView[], colors: Output['colors']): string {
  const heading = ['ENDPOINT', 'STATUS', 'ADDRESS', 'MODEL', 'RUN'].map((word) => colors.dim(word));
  return table([heading, ...endpoints.map(endpointRow)]);
}

function endpointRow({ name, status, url, modelDigest, runId }: EndpointView): string[] {
  return [name, status.replace('_', ' '), url ?? '', modelDigest?.slice(0, 19) ?? '', runId ?? ''];
}
