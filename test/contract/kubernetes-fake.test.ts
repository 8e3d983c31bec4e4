// The kubernetes runner on the strict fake of the API server (test/fakes/kubernetes). `npm run test:kubernetes`
// runs the same suite on a real one.

import { describe } from 'vitest';
import { canRunPods } from '../support/kubernetes/can-run-pods.js';
import { openFakeCluster } from '../support/kubernetes/fake-cluster.js';
import { moto } from './deploy/moto-server.js';
import { describeKubernetesRunner } from './kubernetes-runner.js';

const missing = 'missing' in moto ? moto.missing : canRunPods();
if (missing !== undefined) console.warn(`SKIPPED: the kubernetes runner (${missing})`);

describe.skipIf(missing !== undefined)('the kubernetes runner on the fake API server', () => {
  describeKubernetesRunner('python' in moto ? moto.python : '', openFakeCluster);
});
