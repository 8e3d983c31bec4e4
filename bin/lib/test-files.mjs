// Which tests there are, and in which order their stages run.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

// Slow and broad stages come last; every other folder of test/ belongs to the first stage.
const LATER_FOLDERS = [
  'integration',
  'features',
  'conformance',
  'faults',
  'images',
  'cluster',
  'e2e',
];

/**
 * Lists the stages of tests that a filter leaves something of, in the order in which they run.
 *
 * @param {string} root
 * @param {string[]} filters  parts of paths; a file that holds any of them is kept, every file when there are none
 * @returns {{ name: string, runner: 'vitest' | 'pytest', files: string[] }[]} paths relative to the root
 */
export function listTestStages(root, filters) {
  const folders = readdirSync(path.join(root, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const early = folders.filter((name) => !LATER_FOLDERS.includes(name));
  const later = LATER_FOLDERS.filter((name) => folders.includes(name));
  const vitestFiles = (folder) => listFiles(root, `test/${folder}`, /\.test\.ts$/);
  const pytestFiles = listFiles(root, 'python-tasks/tests', /^test_.*\.py$/);
  const isKept = (file) => filters.length === 0 || filters.some((filter) => file.includes(filter));
  return [
    { name: 'unit', runner: 'vitest', files: early.flatMap(vitestFiles) },
    { name: 'python', runner: 'pytest', files: pytestFiles },
    ...later.map((name) => ({ name, runner: 'vitest', files: vitestFiles(name) })),
  ]
    .map((stage) => ({ ...stage, files: stage.files.filter(isKept) }))
    .filter(({ files }) => files.length > 0);
}

function listFiles(root, folder, pattern) {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(root, file, pattern);
      return pattern.test(entry.name) ? [file] : [];
    })
    .sort();
}
