// What `anneal doctor` asks of the cluster, as a program: one JSON array of findings on stdout.
// The doctor's band may not know the runners (ARCHITECTURE.md), so it starts this as it starts workers.

import { loadSettings, type Settings } from '../src/config/index.js';
import { isAnnealError } from '../src/errors/index.js';
import { checkCluster, missingRights, openCluster, type Cluster } from '../src/runners/index.js';
import { kubernetesImage } from './kubernetes-options.js';

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly fix?: string;
}

async function checkKubernetes(settings: Settings): Promise<Finding[]> {
  let cluster: Cluster;
  try {
    cluster = await openCluster(settings.kubernetes);
  } catch (error) {
    return [findingOf('Kubernetes', error)];
  }
  try {
    const { server, namespace } = cluster;
    const lacking = await missingRights(cluster);
    const rights = lacking.map(({ verb, resource }) => `${verb} ${resource}`);
    const access: Finding = {
      name: 'Kubernetes rights',
      ok: rights.length === 0,
      found: rights.length === 0 ? `all, in ${namespace}` : `lacks ${rights.join(', ')}`,
      fix: 'Apply workers/kubernetes/base: its Role has every right that is needed.',
    };
    await checkCluster(cluster, {
      storeAddress: settings.store,
      tasksImage: kubernetesImage(settings),
    });
    return [{ name: 'Kubernetes', ok: true, found: `namespace ${namespace} at ${server}` }, access];
  } catch (error) {
    return [findingOf('Kubernetes', error)];
  } finally {
    cluster.close();
  }
}

function findingOf(name: string, error: unknown): Finding {
  const { message, hint } = isAnnealError(error)
    ? error
    : { message: String(error), hint: undefined };
  return { name, ok: false, found: message, fix: hint };
}

process.stdout.write(JSON.stringify(await checkKubernetes(loadSettings(process.env))));
