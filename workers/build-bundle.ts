// Bundles the workflow code once at build time, so that workers start without webpack.

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { WORKFLOW_BUNDLE } from './workflow-bundle.js';

const workflowsPath = fileURLToPath(new URL('../src/workflow/index.js', import.meta.url));
const { code } = await bundleWorkflowCode({
  workflowsPath,
  logger: { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error },
});
await writeFile(WORKFLOW_BUNDLE, code);
