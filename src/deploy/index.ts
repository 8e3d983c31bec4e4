export type { Deployer, DeploymentRequest, EndpointView } from './deployer.js';
export { assertEndpointName } from './endpoint-name.js';
export { checkGate } from './gate.js';
export type { GateDecision, GateFacts } from './gate.js';
