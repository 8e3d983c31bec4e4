import { platformUnsupported } from '../../errors/task.js';
import type { PlatformSettings } from '../../ir/platform/index.js';
import { isVolumeImage } from '../volume-task.js';
import { chooseInstance } from './instance-types.js';
import { jobChoice, type JobChoice } from './job-choice.js';
import type { SageMakerJobSettings } from './job-settings.js';

/**
 * Refuses what a job cannot have: secrets and config maps (they would be readable in the job's description), volumes,
 * and facts about a pod.
 *
 * @throws E_UNSUPPORTED, E_INSTANCE_TYPE
 */
export function checkPlatform(
  component: string,
  image: string,
  platform: PlatformSettings | undefined,
  settings: Pick<SageMakerJobSettings, 'instanceType'>,
): JobChoice {
  if (isVolumeImage(image)) {
    throw platformUnsupported(component, image, 'a SageMaker job has no volumes that stay');
  }
  const { variables = [], mounts = [], fields = [] } = platform ?? {};
  const [refused] = [...variables, ...mounts, ...fields];
  if (refused !== undefined) {
    throw platformUnsupported(component, refused.where, 'a SageMaker job cannot be given it');
  }
  const choice = jobChoice(component, platform);
  const named = choice.instanceType ?? settings.instanceType;
  if (named !== undefined) chooseInstance(component, choice, {}, settings.instanceType);
  return choice;
}
