// The kubernetes runner on a real API server with its controllers and scheduler: `npm run test:kubernetes`.

import { describe } from 'vitest';
import { moto } from '../contract/deploy/moto-server.js';
import { describeKubernetesChurn } from '../contract/kubernetes-churn.js';
import { describeKubernetesRunner } from '../contract/kubernetes-runner.js';
import { canRunPods } from '../support/kubernetes/can-run-pods.js';
import { controlPlane, openRealCluster } from '../support/kubernetes/real-cluster.js';

const missing =
  controlPlane === undefined
    ? 'no control plane: npm run test:kubernetes builds one'
    : 'missing' in moto
      ? moto.missing
      : canRunPods();
if (missing !== undefined) console.warn(`SKIPPED: the real Kubernetes API server (${missing})`);

describe.skipIf(missing !== undefined)('the kubernetes runner on a real API server', () => {
  describeKubernetesRunner('python' in moto ? moto.python : '', openRealCluster);
});

describe.skipIf(missing !== undefined)('the churn pipeline on a real API server', () => {
  describeKubernetesChurn('python' in moto ? moto.python : '', openRealCluster);
});
