export { createLocalDeployer } from './local-deployer.js';
export type { LocalDeployer, LocalDeployerOptions } from './local-deployer.js';
