// Carries out one deployment to SageMaker in a process of its own, to be killed: prints the view as JSON.
//
//   node deploy-in-child.mjs '{"endpoint": "http://127.0.0.1:…", "role": "…", "image": "…", "request": {…}}'

import { createSageMakerDeployer } from '../../../dist/src/deploy/index.js';

const { endpoint, role, image, request } = JSON.parse(process.argv[2]);
const deployer = createSageMakerDeployer({
  region: 'eu-central-1',
  roleArn: role,
  image,
  pollMs: 100,
  uploadModelArchive: ({ modelDigest }) =>
    Promise.resolve(`s3://models/${modelDigest.replace(':', '-')}/model.tar.gz`),
  clientConfig: { endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
});
const context = { signal: new AbortController().signal, progress: () => undefined };
process.stdout.write(JSON.stringify(await deployer.deploy(request, context)));
