import { describe, expect, it } from 'vitest';
import {
  and,
  component,
  Dataset,
  eq,
  exitHandler,
  field,
  finalStatus,
  gt,
  importer,
  integer,
  list,
  parallelFor,
  pipeline,
  string,
  struct,
  when,
} from '../../../src/dsl/index.js';
import type { PipelineSpecJson } from '../../../src/ir/index.js';
import { pipelineGraph, pipelineSvg, type PipelineGraph } from '../../../src/viewer/index.js';
import { scanMarkup } from './markup-scan.js';

const say = component({
  name: 'say',
  inputs: { text: string({ default: '' }), data: Dataset },
  outputs: { said: string(), count: integer() },
  container: { image: 'registry.example.com/say:1' },
});
const bye = component({
  name: 'bye',
  inputs: { status: finalStatus() },
  container: { image: 'registry.example.com/bye:1' },
});

const { spec } = pipeline(
  { name: 'sample', inputs: { address: string(), words: list(), limit: integer() } },
  ({ address, words, limit }) => {
    const data = importer({ uri: address, type: Dataset }).outputs.artifact;
    exitHandler(
      bye(),
      () => {
        const first = say({ data });
        when(gt(first.outputs.count, limit), () => {
          parallelFor({ items: words, item: string(), parallelism: 3, name: 'words' }, (word) => {
            when(and(eq(word, 'go'), eq(first.outputs.said, 'go')), () => say({ data }));
          });
        });
        parallelFor({ items: [{ rate: 1 }], item: struct() }, (item) => {
          when(gt(field(item, 'rate', integer()), 0), () => say({ data }));
        });
      },
      { name: 'tidy' },
    );
  },
).compile();

const meanings = ({ groups }: PipelineGraph): string[] =>
  groups.flatMap(({ title, inner }) => [title, ...meanings(inner)]);

describe('the graph of a pipeline', () => {
  it('says what each group means, with every value under the name it has outside', () => {
    expect(meanings(pipelineGraph(spec))).toEqual([
      'tidy: exit handler',
      'if say.count > limit',
      'words: for each of words, at most 3 at once',
      "if item == 'go' && say.said == 'go'",
      'for each of 1 item',
      'if item.rate > 0',
    ]);
  });

  it('tells importers, tasks, and tasks that always run', () => {
    const { nodes, edges } = pipelineGraph(spec);

    expect(nodes).toMatchObject([
      { path: 'importer', kind: 'importer', detail: 'address', always: false },
      { path: 'bye', kind: 'task', detail: 'registry.example.com/bye:1', always: true },
    ]);
    expect(edges).toEqual([
      { from: 'importer', to: 'exit-handler-1', always: false },
      { from: 'exit-handler-1', to: 'bye', always: true },
    ]);
  });

  it('shows a condition that no SDK made as it is', () => {
    const task = { componentRef: { name: 'c' } };
    const condition = "inputs.parameter_values['a\\b'] in ['x'] && int('1') == 1";
    const strange: PipelineSpecJson = {
      components: { c: { dag: { tasks: { inner: {} } } } },
      root: { dag: { tasks: { odd: { ...task, triggerPolicy: { condition } } } } },
    };

    expect(meanings(pipelineGraph(strange))).toEqual(["odd: if a\\b in ['x'] && int('1') == 1"]);
  });
});

describe('the picture of a pipeline', () => {
  it('is well-formed, shows every task and group, and names no other file', () => {
    const svg = pipelineSvg(spec);

    expect(scanMarkup(svg).faults).toEqual([]);
    expect(svg.startsWith('<svg\n')).toBe(true);
    expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(svg.match(/class="node /g)).toHaveLength(5);
    expect(svg.match(/class="group /g)).toHaveLength(6);
    expect(svg.match(/edge-always"/g)).toHaveLength(1);
    expect(svg).toContain('tidy: exit handler');
    expect(svg).not.toMatch(/NaN|undefined|href|<script|url\((?!#)/);
  });

  it('takes names as text, whatever is in them', () => {
    const hostile = '</text><script>alert("1")</script>&\u0007';
    const named: PipelineSpecJson = {
      pipelineInfo: { name: 'sample', displayName: hostile },
      components: { c: { executorLabel: 'e' } },
      deploymentSpec: { executors: { e: { container: { image: hostile } } } },
      root: { dag: { tasks: { a: { taskInfo: { name: hostile }, componentRef: { name: 'c' } } } } },
    };

    const { faults, tags } = scanMarkup(pipelineSvg(named));

    expect(faults).toEqual([]);
    expect(tags).not.toContain('script');
  });

  it('stands when it would be too wide lying', () => {
    const names = Array.from({ length: 20 }, (_, index) => `t${index}`);
    const tasks = Object.fromEntries(
      names.map((name, index) => [
        name,
        { componentRef: { name: 'c' }, dependentTasks: names.slice(0, index).slice(-1) },
      ]),
    );
    const chain = { components: { c: { executorLabel: 'e' } }, root: { dag: { tasks } } };

    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(pipelineSvg(chain))!;

    expect(Number(height)).toBeGreaterThan(Number(width));
  });
});
