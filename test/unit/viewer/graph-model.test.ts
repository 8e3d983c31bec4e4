import { describe, expect, it } from 'vitest';
import type { TaskView } from '../../../src/contract/index.js';
import type { PipelineSpecJson, PipelineTaskSpecJson } from '../../../src/ir/index.js';
import { layoutGraph } from '../../../src/viewer/graph/index.js';
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
  it('has an edge for each dependency, also to groups', () => {
    const { edges } = buildGraph(CHURN_SPEC, CHURN_RUN.tasks);

    expect(edges.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      'importer → preprocess',
      'preprocess → train',
      'train → evaluate',
      'preprocess → evaluate',
      'train → deploy-condition',
      'evaluate → deploy-condition',
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

    const { groups } = buildGraph(spec, [
      view('sweep', { kind: 'loop', status: 'running' }),
      view('sweep/0', { kind: 'dag' }),
      view('sweep/0/fit'),
      view('sweep/1', { kind: 'dag', status: 'running' }),
      view('sweep/1/fit', { status: 'failed' }),
    ]);

    expect(groups).toMatchObject([{ path: 'sweep', kind: 'loop', status: 'running' }]);
    expect(groups[0]?.inner.nodes).toMatchObject([
      { path: 'sweep/fit', count: 2, succeeded: 1, status: 'failed', seconds: 4 },
    ]);
  });

  it('keeps boxes apart, inside their group and inside the picture (B1)', () => {
    const leaves = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, task('leaf')]));
    const spec: PipelineSpecJson = {
      components: {
        leaf: { executorLabel: 'exec' },
        inner: { dag: { tasks: leaves } },
        outer: { dag: { tasks: { left: task('inner'), right: task('inner'), own: task('leaf') } } },
      },
      root: {
        dag: { tasks: { one: task('outer'), two: task('outer', { dependentTasks: ['one'] }) } },
      },
    };

    for (const direction of ['LR', 'TB'] as const) {
      const { nodes, groups, width, height } = layoutGraph(buildGraph(spec, []), direction);
      const boxes = [...nodes, ...groups];
      expect(boxes).toHaveLength(20);
      for (const box of boxes) {
        expect(isInside(box, { x: 0, y: 0, width, height })).toBe(true);
        const meeting = boxes.filter((other) => other !== box && isMeeting(box, other));
        const nested = boxes.filter((other) => other !== box && isRelated(box.path, other.path));
        expect(meeting.map(({ path }) => path)).toEqual(nested.map(({ path }) => path));
        for (const group of groups.filter(({ path }) => box.path.startsWith(`${path}/`))) {
          expect(isInside(box, group)).toBe(true);
        }
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

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function isInside(box: Box, outer: Box): boolean {
  return (
    box.x >= outer.x &&
    box.y >= outer.y &&
    box.x + box.width <= outer.x + outer.width &&
    box.y + box.height <= outer.y + outer.height
  );
}

function isMeeting(box: Box, other: Box): boolean {
  return (
    other.x < box.x + box.width &&
    box.x < other.x + other.width &&
    other.y < box.y + box.height &&
    box.y < other.y + other.height
  );
}

function isRelated(path: string, other: string): boolean {
  return path.startsWith(`${other}/`) || other.startsWith(`${path}/`);
}
