import { irFindings } from '../../errors/index.js';
import type { SpecPath } from '../path.js';
import type { Pipeline } from '../pipeline.js';
import type { ContainerSpecJson, ImporterSpecJson } from '../spec.js';
import type { Report } from './report.js';

/** Checks what each executor needs to be carried out at all. */
export function checkExecutors({ deployment }: Pipeline, report: Report): void {
  for (const [label, executor] of Object.entries(deployment.executors)) {
    const path = ['deploymentSpec', 'executors', label];
    if (executor.container !== undefined)
      checkContainer(executor.container, [...path, 'container'], report);
    else if (executor.importer !== undefined)
      checkImporter(executor.importer, [...path, 'importer'], report);
    else if (executor.resolver === undefined && executor.customJob === undefined) {
      report(
        path,
        irFindings.incomplete(`The executor "${label}" says nothing about what to run.`),
      );
    }
  }
}

function checkContainer(
  { image = '', env = [], resources = {} }: ContainerSpecJson,
  path: SpecPath,
  report: Report,
): void {
  if (image.trim() === '')
    report([...path, 'image'], irFindings.incomplete('The container has no image.'));
  env.forEach(({ name = '' }, index) => {
    if (/^[^=\0]+$/.test(name)) return;
    report(
      [...path, 'env', index, 'name'],
      irFindings.badName('environment variable', name, 'Use a name without "=" that is not empty.'),
    );
  });
  const {
    cpuLimit = 0,
    cpuRequest = 0,
    memoryLimit = 0,
    memoryRequest = 0,
    accelerator,
  } = resources;
  const amounts = { cpuLimit, cpuRequest, memoryLimit, memoryRequest };
  for (const [field, amount] of Object.entries(amounts)) {
    checkAmount(Number(amount), [...path, 'resources', field], report);
  }
  checkAmount(
    Number(accelerator?.count ?? 0),
    [...path, 'resources', 'accelerator', 'count'],
    report,
  );
}

function checkAmount(amount: number, path: SpecPath, report: Report): void {
  if (amount >= 0 && Number.isFinite(amount)) return;
  report(path, irFindings.outOfRange(String(path.at(-1)), String(amount), '0 or more'));
}

function checkImporter(
  { artifactUri, typeSchema }: ImporterSpecJson,
  path: SpecPath,
  report: Report,
): void {
  if (artifactUri === undefined)
    report(path, irFindings.incomplete('The importer has no artifactUri.'));
  if (typeSchema === undefined)
    report(path, irFindings.incomplete('The importer has no typeSchema.'));
}
