import path from 'node:path';
import {
  createLocalDeployer,
  createSageMakerDeployer,
  type Deployer,
  type EndpointView,
} from '../deploy/index.js';
import { clientErrors } from '../errors/index.js';
import { closestMatch } from '../util/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';
import type { Output } from './output/output.js';
import { table } from './output/table.js';

/** Prints the endpoints of the deployment target. */
export async function listEndpoints(context: CliContext): Promise<void> {
  const { output } = context;
  const endpoints = await (await openDeployer(context)).list();
  output.json({ endpoints });
  output.result(
    endpoints.length === 0 ? 'No endpoints.' : endpointTable(endpoints, output.resultColors),
  );
}

/** Stops one endpoint. @throws E_NOT_FOUND with the nearest name */
export async function stopEndpoint(context: CliContext, name: string): Promise<void> {
  const { output } = context;
  const deployer = await openDeployer(context);
  const names = (await deployer.list()).map((endpoint) => endpoint.name);
  if (!names.includes(name)) {
    throw clientErrors.notFound('endpoint', name, {
      nearest: closestMatch(name, names),
      hint: 'List the endpoints there are: anneal endpoints',
    });
  }
  await deployer.stop(name);
  output.json({ name, status: 'stopped' });
  output.result(`Endpoint ${name} has stopped.`);
}

/** Listing and stopping start no program and upload nothing, so none of that is named. */
async function openDeployer(context: CliContext): Promise<Deployer> {
  const { home, deploy, sagemakerJobs } = await cliSettings(context.environment);
  if (deploy.target === 'local') {
    const folder = path.join(home, 'endpoints');
    return createLocalDeployer({ folder, python: '', pythonTasksFolder: '' });
  }
  const { region = '', role = '', image = '' } = deploy.sagemaker;
  return createSageMakerDeployer({
    region,
    roleArn: role,
    image,
    pollMs: sagemakerJobs.pollSeconds * 1000,
    uploadModelArchive: () => Promise.reject(new Error('nothing is uploaded here')),
  });
}

function endpointTable(endpoints: readonly EndpointView[], colors: Output['colors']): string {
  const heading = ['ENDPOINT', 'STATUS', 'ADDRESS', 'MODEL', 'RUN'].map((word) => colors.dim(word));
  return table([heading, ...endpoints.map(endpointRow)]);
}

function endpointRow({ name, status, url, modelDigest, runId }: EndpointView): string[] {
  return [name, status.replace('_', ' '), url ?? '', modelDigest?.slice(0, 19) ?? '', runId ?? ''];
}
