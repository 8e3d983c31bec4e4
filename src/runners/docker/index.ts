export { ownerOf } from './container-name.js';
export { createDockerRunner, type DockerRunnerOptions } from './docker-runner.js';
