import { irFindings } from '../../errors/index.js';
import { deployFlow, isSameSource, leafNodes, type DatasetInput } from '../data-flow/index.js';
import { isDeployComponent } from '../deploy-component.js';
import type { Pipeline } from '../pipeline.js';
import type { Report } from './report.js';

/**
 * Checks that no deployment is guarded by an evaluation on the data its model is fitted on. An evaluation that
 * takes other Datasets too is left to the gate, which compares the rows.
 *
 * @param pipeline  valid in every other respect
 */
export function checkLeaks({ spec }: Pipeline, report: Report): void {
  const deployments = leafNodes(spec).filter(({ component }) => isDeployComponent(component));
  const reported = new Set<string>();
  for (const deploy of deployments) {
    const { training, evaluations } = deployFlow(spec, deploy);
    for (const { node, datasets } of evaluations) {
      const leak = leakedInput(datasets, training);
      if (leak === undefined || reported.has(node.path)) continue;
      reported.add(node.path);
      const at = [...node.specPath, 'inputs', 'artifacts', leak.input];
      report(at, irFindings.trainedOnTestData(node.path, leak.input, leak.trainer, deploy.path));
    }
  }
}

/** The first Dataset of an evaluation, when the model is fitted on all of them. */
function leakedInput(
  datasets: readonly DatasetInput[],
  training: readonly DatasetInput[],
): { readonly input: string; readonly trainer: string } | undefined {
  const found = datasets.map(({ input, sources }) => {
    const trainer = training.find((each) =>
      sources.every((source) => each.sources.some((other) => isSameSource(other, source))),
    );
    return trainer && { input, trainer: trainer.node.path };
  });
  return found.every((each) => each !== undefined) ? found[0] : undefined;
}
