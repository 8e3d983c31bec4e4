import type { ComponentSpecJson } from './spec.js';

/**
 * Whether a component deploys a model, so that Anneal's deployer carries it out instead of its own code:
 * it is called deploy-…, takes exactly one Model, and names an endpoint. KFP has no word for such a task;
 * the interface is the contract (docs/deploy.md).
 */
export function isDeployComponent(component: ComponentSpecJson): boolean {
  const label = component.executorLabel ?? '';
  const models = Object.values(component.inputDefinitions?.artifacts ?? {}).filter(
    ({ artifactType }) => artifactType?.schemaTitle === 'system.Model',
  );
  const endpoint = component.inputDefinitions?.parameters?.['endpoint_name'];
  return (
    /^exec-deploy(?:-|$)/u.test(label) &&
    models.length === 1 &&
    endpoint?.parameterType === 'STRING'
  );
}
