import { join } from 'node:path';
import type { Settings } from '../src/config/index.js';
import {
  createLocalDeployer,
  createS3ArchiveUpload,
  createSageMakerDeployer,
} from '../src/deploy/index.js';
import type { Deployer } from '../src/deploy/index.js';

/** Opens the deployment target that the settings name. What SageMaker lacks is said before a run starts. */
export function openDeployer(
  settings: Settings,
  { python, pythonTasksFolder }: { readonly python: string; readonly pythonTasksFolder: string },
): Deployer {
  if (settings.deploy.target === 'local') {
    const folder = join(settings.home, 'endpoints');
    return createLocalDeployer({ folder, python, pythonTasksFolder });
  }
  const { region = '', role = '', image = '', bucket = '' } = settings.deploy.sagemaker;
  return createSageMakerDeployer({
    region,
    roleArn: role,
    image,
    pollMs: settings.sagemakerJobs.pollSeconds * 1000,
    uploadModelArchive: createS3ArchiveUpload({ bucket, s3: { ...settings.s3, region } }),
  });
}
