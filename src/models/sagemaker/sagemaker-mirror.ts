// The SageMaker mirror without its weight: the AWS SDK comes with the first use.

import type { ModelMirror } from '../mirror.js';
import type { PackageRegistryOptions } from './package-registry.js';

/** Makes the mirror in SageMaker Model Registry. */
export function sageMakerMirror(options: PackageRegistryOptions): ModelMirror {
  let opened: Promise<ModelMirror> | undefined;
  const open = (): Promise<ModelMirror> => {
    opened ??= import('./package-registry.js').then(({ openPackageRegistry }) =>
      openPackageRegistry(options),
    );
    return opened;
  };
  return {
    name: 'sagemaker',
    push: async (version, model, signal) => (await open()).push(version, model, signal),
  };
}
