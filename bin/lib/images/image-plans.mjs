// What each image is built from.

import { prepareApp } from './prepare-app.mjs';
import { preparePackages } from './prepare-packages.mjs';

/**
 * @type {Record<string, {
 *   reference: (version: string) => string,
 *   dockerfile: string,
 *   files: string[],
 *   prepare: ((context: import('./open-context.mjs').Context) => Promise<string>)[],
 *   bases: ('PYTHON_IMAGE' | 'NODE_IMAGE')[],
 * }>}
 */
export const IMAGE_PLANS = {
  tasks: {
    reference: (version) => `anneal-tasks:${version}`,
    dockerfile: 'python-tasks/Dockerfile',
    files: ['python-tasks'],
    prepare: [
      (context) => preparePackages(context, 'base'),
      (context) => preparePackages(context, 'transfer'),
    ],
    bases: ['PYTHON_IMAGE'],
  },
  worker: {
    reference: (version) => `anneal-worker:${version}`,
    dockerfile: 'workers/Dockerfile',
    files: [
      'LICENSE',
      'package.json',
      'package-lock.json',
      '.npmrc',
      'tsconfig.json',
      'bin',
      'dist',
      'examples',
      'python-tasks',
      'workers',
    ],
    prepare: [(context) => preparePackages(context, 'base'), prepareApp],
    bases: ['PYTHON_IMAGE', 'NODE_IMAGE'],
  },
};
