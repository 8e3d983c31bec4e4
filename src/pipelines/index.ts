// Pipelines that ship with the project, by name, for the command line and the workers.

import { churn } from './churn.js';

export { churn };
export { PARAMETER_RULES } from './parameter-rules.generated.js';

/** Name to compile function. */
export const shippedPipelines: ReadonlyMap<string, typeof churn.compile> = new Map([
  [churn.definition.name, churn.compile],
]);
