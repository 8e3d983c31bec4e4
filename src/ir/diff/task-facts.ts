import { plainJson } from '../../util/index.js';
import { constantOf } from '../constant.js';
import type { InputArtifactJson, InputParameterJson, PipelineTaskSpecJson } from '../spec.js';
import type { Fact } from './compare-facts.js';
import { named } from './interface-facts.js';

/** How a task is placed: wiring, order, condition, loop, retries, caching. */
export function taskFacts(task: PipelineTaskSpecJson): [string, Fact][] {
  const { inputs, dependentTasks = [], triggerPolicy, cachingOptions, retryPolicy } = task;
  const producers = producersOf(task); // that it waits for these is told by its inputs
  const facts: [string, unknown][] = [
    ['runs after', dependentTasks.filter((name) => !producers.has(name)).sort()],
    ['condition', triggerPolicy?.condition],
    ['trigger', triggerPolicy?.strategy],
    ['loop', task.parameterIterator ?? task.artifactIterator],
    ['parallelism', task.iteratorPolicy],
    ['retries', retryPolicy],
    ['caching', cachingOptions?.enableCache ?? false],
    ['cache key', cachingOptions?.cacheKey],
  ];
  const present = facts.filter(([, value]) => value !== undefined);
  return [
    ...named('input', inputs?.parameters, parameterSource),
    ...named('input', inputs?.artifacts, artifactSource),
    ...present.map(([name, value]): [string, Fact] => [name, { value: plainJson(value) }]),
  ];
}

function producersOf({ inputs }: PipelineTaskSpecJson): ReadonlySet<string | undefined> {
  const parameters = Object.values(inputs?.parameters ?? {});
  const artifacts = Object.values(inputs?.artifacts ?? {});
  return new Set([
    ...parameters.map(({ taskOutputParameter }) => taskOutputParameter?.producerTask),
    ...artifacts.map(({ taskOutputArtifact }) => taskOutputArtifact?.producerTask),
  ]);
}

function parameterSource(input: InputParameterJson): string {
  const { componentInputParameter, taskOutputParameter, runtimeValue } = input;
  const selector = input.parameterExpressionSelector;
  const picked = selector ? `, of it ${selector}` : '';
  if (componentInputParameter) return `parameter ${componentInputParameter}${picked}`;
  if (taskOutputParameter) {
    const { producerTask, outputParameterKey } = taskOutputParameter;
    return `output ${outputParameterKey} of ${producerTask}${picked}`;
  }
  if (runtimeValue !== undefined) return `constant ${JSON.stringify(constantOf(runtimeValue))}`;
  return JSON.stringify(input);
}

function artifactSource({ componentInputArtifact, taskOutputArtifact }: InputArtifactJson): string {
  if (componentInputArtifact) return `artifact ${componentInputArtifact}`;
  const { producerTask, outputArtifactKey } = taskOutputArtifact ?? {};
  return `output ${outputArtifactKey} of ${producerTask}`;
}
