// Random valid pipelines: DAGs of steps, sub-DAGs, loops, conditions and tasks that run on completion.

import type { RunPlan } from '../../../../src/contract/index.js';
import type { ComponentSpecJson, PipelineTaskSpecJson } from '../../../../src/ir/index.js';
import { code, plan, task } from './plan.js';
import type { Random } from './random.js';

const STRING = { parameterType: 'STRING' } as const;
const OUTPUT = { parameters: { out: STRING } };
const MAX_DEPTH = 3;

/** A plan of up to a few dozen tasks; every component takes `in` and gives `out`. */
export function randomPipeline(random: Random): RunPlan {
  const components: Record<string, ComponentSpecJson> = {
    'comp-leaf': code('exec-leaf', {
      inputs: { parameters: { in: STRING, status: optionalStatus() } },
      outputs: OUTPUT,
    }),
  };
  const root = randomDag(random, components, 0);
  return plan({
    components,
    tasks: root.dag!.tasks ?? {},
    outputs: root.dag!.outputs,
    root: { inputDefinitions: root.inputDefinitions },
    parameters: { in: random.pick(['0', '1']) },
    cache: false,
  });
}

function optionalStatus() {
  return { parameterType: 'TASK_FINAL_STATUS', isOptional: true } as const;
}

function randomDag(
  random: Random,
  components: Record<string, ComponentSpecJson>,
  depth: number,
): ComponentSpecJson {
  const names = Array.from({ length: 1 + random.below(4) }, (_, index) => `t${index}`);
  const built = names.map((name, index) => {
    return [name, randomTask(random, components, depth, names.slice(0, index))] as const;
  });
  return {
    inputDefinitions: { parameters: { in: STRING } },
    outputDefinitions: OUTPUT,
    dag: {
      tasks: Object.fromEntries(random.shuffled(built)),
      outputs: { parameters: { out: randomOutput(random, names) } },
    },
  };
}

function randomOutput(random: Random, names: readonly string[]) {
  const selector = (producerSubtask: string) => ({ producerSubtask, outputParameterKey: 'out' });
  if (random.chance(0.7)) return { valueFromParameter: selector(random.pick(names)) };
  return {
    valueFromOneof: { parameterSelectors: random.shuffled(names).slice(0, 2).map(selector) },
  };
}

function randomTask(
  random: Random,
  components: Record<string, ComponentSpecJson>,
  depth: number,
  earlier: readonly string[],
): PipelineTaskSpecJson {
  const spec: PipelineTaskSpecJson = task(randomComponent(random, components, depth), {
    dependentTasks: earlier.filter(() => random.chance(0.3)),
    inputs: { parameters: { in: { componentInputParameter: 'in' } } },
  });
  if (spec.componentRef?.name !== 'comp-leaf' && random.chance(0.4)) {
    const items = JSON.stringify(['0', '1', '2'].slice(0, random.below(4)));
    spec.parameterIterator = { items: { raw: items }, itemInput: 'in' };
    spec.iteratorPolicy = { parallelismLimit: random.below(3) };
    spec.inputs = {};
  }
  if (earlier.length > 0 && random.chance(0.15)) {
    const upstream = random.pick(earlier);
    spec.dependentTasks = [upstream];
    spec.triggerPolicy = { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' };
    if (spec.componentRef?.name === 'comp-leaf') {
      spec.inputs!.parameters!['status'] = { taskFinalStatus: { producerTask: upstream } };
    }
  } else if (spec.parameterIterator === undefined && random.chance(0.3)) {
    spec.triggerPolicy = { condition: `inputs.parameter_values['in'] == '${random.below(2)}'` };
  }
  return spec;
}

function randomComponent(
  random: Random,
  components: Record<string, ComponentSpecJson>,
  depth: number,
): string {
  if (depth >= MAX_DEPTH || random.chance(0.6)) return 'comp-leaf';
  const dag = randomDag(random, components, depth + 1);
  const name = `comp-dag-${Object.keys(components).length}`;
  components[name] = dag;
  return name;
}
