import { fileURLToPath } from 'node:url';

/** Where the build leaves the bundled workflow code. */
export const WORKFLOW_BUNDLE = fileURLToPath(new URL('../workflow-bundle.cjs', import.meta.url));
/** The same code with spans around it, for workers that trace. */
export const TRACED_BUNDLE = fileURLToPath(
  new URL('../workflow-bundle.traced.cjs', import.meta.url),
);
