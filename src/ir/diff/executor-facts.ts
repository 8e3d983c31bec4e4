import { plainJson } from '../../util/index.js';
import type { Pipeline } from '../pipeline.js';
import type { ComponentSpecJson, ContainerSpecJson } from '../spec.js';
import type { Fact } from './compare-facts.js';

/** What carries a component out: image, code, environment, resources, or what an importer reads. */
export function executorFacts(
  { deployment, platform }: Pipeline,
  component: ComponentSpecJson,
): [string, Fact][] {
  const label = component.executorLabel;
  if (label === undefined) return [];
  const { container, importer, ...other } = deployment.executors[label] ?? {};
  const settings = Object.entries(platform?.platforms ?? {}).flatMap(
    ([name, { deploymentSpec }]): [string, Fact][] => {
      const found = (deploymentSpec?.executors as Readonly<Record<string, object>> | undefined)?.[
        label
      ];
      return found === undefined ? [] : [[`${name} settings`, { value: plainJson(found) }]];
    },
  );
  return [
    ...(container === undefined ? [] : containerFacts(container)),
    ...(importer === undefined
      ? []
      : ([['import', { value: plainJson(importer) }]] satisfies [string, Fact][])),
    ...(Object.keys(other).length === 0
      ? []
      : ([['executor', { value: plainJson(other) }]] satisfies [string, Fact][])),
    ...settings,
  ];
}

function containerFacts(container: ContainerSpecJson): [string, Fact][] {
  const { image = '', command = [], args = [], env = [], ...other } = container;
  return [
    ['image', { value: image }],
    ['code', { code: linesOf(command) }],
    ['arguments', { code: linesOf(args) }],
    ...env.map(({ name, value }): [string, Fact] => [`variable ${name}`, { value: value ?? '' }]),
    ...Object.entries(other).map(([name, value]): [string, Fact] => [
      name,
      { value: plainJson(value) },
    ]),
  ];
}

/** One element a line; the source of a lightweight component has lines of its own. */
function linesOf(elements: readonly string[]): string {
  return elements.map((element) => `${element.replace(/\n+$/, '')}\n`).join('');
}
