// What a pipeline must come to, worked out one task after the other without any concurrency.

import type { RunPlan, TaskStatus } from '../../../../src/contract/index.js';
import type { DagSpecJson, PipelineTaskSpecJson } from '../../../../src/ir/index.js';
import type { JsonValue } from '../../../../src/util/index.js';

/** What a step does: its output, or undefined when it fails. */
export type StepFunction = (path: string, input: string) => string | undefined;

interface Ended {
  readonly status: TaskStatus;
  readonly output?: JsonValue;
  readonly isCollected?: boolean;
}

/** The state of every task that is ever listed, by path, and the run's own state and output. */
export interface Expected {
  readonly tasks: Map<string, TaskStatus>;
  readonly status: 'succeeded' | 'failed';
  readonly output?: JsonValue;
}

export function referenceEvaluation(plan: RunPlan, step: StepFunction): Expected {
  const tasks = new Map<string, TaskStatus>();
  const root = new Evaluation(plan, step, tasks).dag(
    plan.spec.root!.dag!,
    plan.parameters['in'] as string,
    '',
  );
  return { tasks, status: root.status as 'succeeded' | 'failed', output: root.output };
}

class Evaluation {
  constructor(
    private readonly plan: RunPlan,
    private readonly step: StepFunction,
    private readonly statuses: Map<string, TaskStatus>,
  ) {}

  dag(dag: DagSpecJson, input: string, prefix: string): Ended {
    const ended = new Map<string, Ended>();
    const names = Object.keys(dag.tasks ?? {}).sort();
    for (const name of names) {
      const spec = dag.tasks![name]!;
      const path = prefix === '' ? name : `${prefix}/${name}`;
      ended.set(name, this.task(spec, path, input, ended));
    }
    if ([...ended.values()].some(({ status }) => status === 'failed')) return { status: 'failed' };
    const spec = dag.outputs?.parameters?.['out'];
    const selectors = spec?.valueFromOneof?.parameterSelectors ?? [spec?.valueFromParameter ?? {}];
    const chosen = selectors
      .map(({ producerSubtask }) => ended.get(producerSubtask ?? ''))
      .find((end) => end?.output !== undefined);
    return { status: 'succeeded', output: chosen?.output, isCollected: chosen?.isCollected };
  }

  private task(
    spec: PipelineTaskSpecJson,
    path: string,
    input: string,
    ended: Map<string, Ended>,
  ): Ended {
    const upstream = (spec.dependentTasks ?? []).map((name) => ended.get(name)!.status);
    if (spec.triggerPolicy?.strategy !== 'ALL_UPSTREAM_TASKS_COMPLETED') {
      if (upstream.some((status) => status === 'failed' || status === 'not_triggered'))
        return this.never(spec, path, 'not_triggered');
      if (upstream.includes('skipped')) return this.never(spec, path, 'skipped');
    }
    const wanted = /== '(\d)'/.exec(spec.triggerPolicy?.condition ?? '')?.[1];
    if (wanted !== undefined && wanted !== input) return this.never(spec, path, 'skipped');
    const end = spec.parameterIterator ? this.loop(spec, path) : this.once(spec, path, input);
    this.statuses.set(path, end.status);
    return end;
  }

  private once(spec: PipelineTaskSpecJson, path: string, input: string): Ended {
    const component = this.plan.spec.components![spec.componentRef!.name!]!;
    if (component.dag) return this.dag(component.dag, input, path);
    const output = this.step(path, input);
    return output === undefined ? { status: 'failed' } : { status: 'succeeded', output };
  }

  private loop(spec: PipelineTaskSpecJson, path: string): Ended {
    const items = JSON.parse(spec.parameterIterator!.items!.raw!) as string[];
    const ends = items.map((item, index) => {
      const end = this.once(spec, `${path}/${index}`, item);
      this.statuses.set(`${path}/${index}`, end.status);
      return end;
    });
    if (ends.some(({ status }) => status === 'failed')) return { status: 'failed' };
    const output = ends.flatMap((end): JsonValue[] => {
      if (end.output === undefined) return [];
      return end.isCollected ? (end.output as JsonValue[]) : [end.output];
    });
    return { status: 'succeeded', output, isCollected: true };
  }

  private never(spec: PipelineTaskSpecJson, path: string, status: TaskStatus): Ended {
    this.statuses.set(path, status);
    const component = this.plan.spec.components![spec.componentRef!.name!]!;
    if (component.dag && !spec.parameterIterator) {
      for (const [child, childSpec] of Object.entries(component.dag.tasks ?? {})) {
        this.never(childSpec, `${path}/${child}`, status);
      }
    }
    return { status };
  }
}
