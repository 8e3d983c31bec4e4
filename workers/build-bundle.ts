// Bundles the workflow code once at build time, so that workers start without webpack.

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { TRACED_BUNDLE, WORKFLOW_BUNDLE } from './workflow-bundle.js';

const pathOf = (file: string): string =>
  fileURLToPath(new URL(`../src/workflow/${file}`, import.meta.url));
const interceptorsOf = (...names: readonly string[]): string[] =>
  names.map((name) => pathOf(`interceptors/${name}.js`));

for (const [file, interceptors] of [
  [WORKFLOW_BUNDLE, interceptorsOf('log-attributes')],
  [TRACED_BUNDLE, interceptorsOf('log-attributes', 'tracing')],
] as const) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: pathOf('index.js'),
    workflowInterceptorModules: [...interceptors],
    logger: {
      ...{ trace() {}, debug() {}, info() {}, log() {} },
      ...{ warn: console.warn, error: console.error },
    },
  });
  await writeFile(file, code);
}
