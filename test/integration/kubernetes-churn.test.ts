// The churn pipeline in pods, on the fake API server.

import { describe } from 'vitest';
import { moto } from '../contract/deploy/moto-server.js';
import { describeKubernetesChurn } from '../contract/kubernetes-churn.js';
import { canRunPods } from '../support/kubernetes/can-run-pods.js';
import { openFakeCluster } from '../support/kubernetes/fake-cluster.js';

const missing = 'missing' in moto ? moto.missing : canRunPods();
if (missing !== undefined) console.warn(`SKIPPED: the churn pipeline in pods (${missing})`);

describe.skipIf(missing !== undefined)('the churn pipeline on the fake API server', () => {
  describeKubernetesChurn('python' in moto ? moto.python : '', openFakeCluster);
});
