// Placeholders in commands, arguments, environments, resources and importers.
//
// H1. An unknown placeholder would reach the program as text; it is refused instead.

import { irFindings } from '../../errors/index.js';
import { ownEntry } from '../own-entry.js';
import type { SpecPath } from '../path.js';
import type { ExecutorSpecJson, Pipeline } from '../pipeline.js';
import type { ComponentSpecJson } from '../spec.js';
import { checkArgument } from './argument.js';
import { checkPlaceholderText, type Ports } from './placeholder-text.js';
import type { Report } from './report.js';
import { scopesOf, tasksOf } from './scopes.js';

/** Checks the placeholders of every component with an executor. */
export function checkPlaceholders(pipeline: Pipeline, report: Report): void {
  const scopes = scopesOf(pipeline);
  const wired = wiredInputs(pipeline);
  const seen = new Set<string>();
  for (const { name, component } of scopes) {
    const label = component.executorLabel ?? '';
    const executor = ownEntry(pipeline.deployment.executors, label);
    if (executor === undefined || seen.has(label)) continue;
    seen.add(label);
    const ports = portsOf(component, wired.get(name) ?? new Set());
    checkExecutor(executor, ports, ['deploymentSpec', 'executors', label], report);
  }
}

/** For each component the names that any task passes to it, those of the compiler included. */
function wiredInputs(pipeline: Pipeline): ReadonlyMap<string, Set<string>> {
  const wired = new Map<string, Set<string>>();
  for (const scope of scopesOf(pipeline)) {
    for (const { task } of tasksOf(scope, pipeline)) {
      const name = task.componentRef?.name ?? '';
      const names = wired.get(name) ?? new Set();
      Object.keys(task.inputs?.parameters ?? {}).forEach((input) => names.add(input));
      wired.set(name, names);
    }
  }
  return wired;
}

function portsOf(
  { inputDefinitions, outputDefinitions }: ComponentSpecJson,
  wired: ReadonlySet<string>,
): Ports {
  return {
    inputParameters: new Set([...Object.keys(inputDefinitions?.parameters ?? {}), ...wired]),
    inputArtifacts: new Set(Object.keys(inputDefinitions?.artifacts ?? {})),
    outputParameters: new Set(Object.keys(outputDefinitions?.parameters ?? {})),
    outputArtifacts: new Set(Object.keys(outputDefinitions?.artifacts ?? {})),
  };
}

function checkExecutor(
  { container, importer }: ExecutorSpecJson,
  ports: Ports,
  path: SpecPath,
  report: Report,
): void {
  for (const field of ['command', 'args'] as const) {
    container?.[field]?.forEach((argument, index) => {
      checkArgument(argument, ports, [...path, 'container', field, index], report);
    });
  }
  const texts: [string, SpecPath][] = [
    [container?.image ?? '', ['container', 'image']],
    ...(container?.env ?? []).map(({ value = '' }, index): [string, SpecPath] => [
      value,
      ['container', 'env', index, 'value'],
    ]),
    ...Object.entries({ ...container?.resources, ...container?.resources?.accelerator }).map(
      ([field, value]): [string, SpecPath] => [textOf(value), ['container', 'resources', field]],
    ),
    [textOf(importer?.artifactUri?.constant), ['importer', 'artifactUri', 'constant']],
  ];
  for (const [text, field] of texts) checkPlaceholderText(text, ports, [...path, ...field], report);
  const parameter = importer?.artifactUri?.runtimeParameter;
  if (parameter === undefined || ports.inputParameters.has(parameter)) return;
  const placeholder = `artifactUri.runtimeParameter: ${parameter}`;
  const known = [...ports.inputParameters];
  report(
    [...path, 'importer', 'artifactUri'],
    irFindings.unknownInPlaceholder(placeholder, 'input parameter', { name: parameter, known }),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
