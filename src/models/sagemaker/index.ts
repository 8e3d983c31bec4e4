export { sageMakerMirror } from './sagemaker-mirror.js';
export type { PackageRegistryOptions } from './package-registry.js';
