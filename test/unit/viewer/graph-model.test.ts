import { describe, expect, it } from 'vitest';
import type { TaskView } from '../../../src/contract/index.js';
import type { PipelineSpecJson, PipelineTaskSpecJson } from '../../../src/ir/index.js';
import { layoutGraph } from '../../../src/viewer/report/graph-layout.js';
import { buildGraph } from '../../../src/viewer/report/graph-model.js';
import { CHURN_RUN, CHURN_SPEC } from './churn-run.js';

const task = (component: string, rest: PipelineTaskSpecJson = {}): PipelineTaskSpecJson => ({
  componentRef: { name: component },
  ...rest,
});

const view = (name: string, rest: Partial<TaskView> = {}): TaskView => ({
  name,
  kind: 'container',
  status: 'succeeded',
  cached: false,
  attempts: 1,
  seconds: 2,
  ...rest,
});

describe('the graph of a run', () => {
  it('has an edge for each dependency, into and out of groups', () => {
    const { edges } = buildGraph(CHURN_SPEC, CHURN_RUN.tasks);

    expect(edges.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      'importer → preprocess',
      'preprocess → train',
      'train → evaluate',
      'preprocess → evaluate',
      'train → deploy-condition/deploy-model',
      'evaluate → deploy-condition/deploy-model',
    ]);
  });

  it('draws a loop once and sums its iterations up (G2)', () => {
    const spec: PipelineSpecJson = {
      components: {
        leaf: { executorLabel: 'exec' },
        body: { dag: { tasks: { fit: task('leaf') } } },
      },
      root: {
        dag: { tasks: { sweep: task('body', { parameterIterator: { itemInput: 'x' } }) } },
      },
    };

    const { nodes, groups } = buildGraph(spec, [
      view('sweep', { kind: 'loop', status: 'running' }),
      view('sweep/0', { kind: 'dag' }),
      view('sweep/0/fit'),
      view('sweep/1', { kind: 'dag', status: 'running' }),
      view('sweep/1/fit', { status: 'failed' }),
    ]);

    expect(groups).toMatchObject([{ path: 'sweep', kind: 'loop', status: 'running' }]);
    expect(nodes).toMatchObject([
      { path: 'sweep/fit', group: 'sweep', count: 2, succeeded: 1, status: 'failed', seconds: 4 },
    ]);
  });

  it('keeps boxes apart and inside the picture in both directions', () => {
    const model = buildGraph(CHURN_SPEC, CHURN_RUN.tasks);

    for (const direction of ['LR', 'TB'] as const) {
      const { nodes, width, height } = layoutGraph(model, direction);
      for (const node of nodes) {
        expect(node.x).toBeGreaterThanOrEqual(0);
        expect(node.y).toBeGreaterThanOrEqual(0);
        expect(node.x + node.width).toBeLessThanOrEqual(width);
        expect(node.y + node.height).toBeLessThanOrEqual(height);
        const overlapping = nodes.filter(
          (other) =>
            other !== node &&
            other.x < node.x + node.width &&
            node.x < other.x + other.width &&
            other.y < node.y + node.height &&
            node.y < other.y + other.height,
        );
        expect(overlapping).toEqual([]);
      }
    }
  });

  it('lays out tasks that are called like members of objects', () => {
    const spec: PipelineSpecJson = {
      components: { leaf: { executorLabel: 'exec' } },
      root: {
        dag: {
          tasks: Object.fromEntries([
            ['__proto__', task('leaf')],
            ['constructor', task('leaf', { dependentTasks: ['__proto__'] })],
          ]),
        },
      },
    };

    const { nodes, edges } = layoutGraph(buildGraph(spec, []), 'LR');

    expect(nodes.map(({ path }) => path)).toEqual(['__proto__', 'constructor']);
    expect(edges).toHaveLength(1);
  });
});
