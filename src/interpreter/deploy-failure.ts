import type { DeploymentView } from '../contract/index.js';
import { TaskFailure } from './port.js';

/** Made when a deployment left its endpoint as it was. */
export function deployFailure(
  task: string,
  { endpoint, reason, status }: DeploymentView,
): TaskFailure {
  return new TaskFailure({
    code: 'E_DEPLOY',
    message: `Endpoint "${endpoint}" was not changed: ${(reason ?? status).replace(/\.$/u, '')}.`,
    task,
    hint: 'The model that served before still serves; mend the candidate and run again.',
  });
}
