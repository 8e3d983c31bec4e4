import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createColors } from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphTree } from '../../../src/cli/graph-tree.js';
import type { PipelineSpecJson } from '../../../src/ir/index.js';
import { writePipeline } from '../../../src/ir/yaml/index.js';
import { pipelineGraph } from '../../../src/viewer/index.js';
import { optionTwins } from '../dsl/option-twins.js';
import { twins } from '../dsl/twins.js';
import { callCli } from './support/call-cli.js';

describe('anneal graph', () => {
  let cwd = '';
  beforeEach(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'anneal-test-'));
    await writeFile(path.join(cwd, 'exits.yaml'), writePipeline(optionTwins.exits.compile()));
    await writeFile(path.join(cwd, 'branches.yaml'), writePipeline(twins.branches.compile()));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  it('draws exit handlers as a tree, each line after those it waits for (T1)', async () => {
    const { exitCode, stdout, stderr } = await callCli(['graph', 'exits.yaml'], { cwd });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'exits',
        '├─ say',
        '├─ clean up        exit handler · after say',
        '│  ├─ say-2',
        '│  └─ condition-2  if say-2.said == word · after say-2',
        '│     └─ say-3',
        '├─ notify          whatever becomes of clean up',
        '├─ say-4           after clean up',
        '├─ exit-handler-3  exit handler · after say-4',
        '│  └─ say-5',
        '└─ notify-2        whatever becomes of exit-handler-3',
        '',
      ].join('\n'),
    );
  });

  it('draws branches with their conditions', async () => {
    const { stdout } = await callCli(['graph', 'branches.yaml'], { cwd });

    expect(stdout.split('\n').slice(2, 7)).toEqual([
      '├─ condition-branches-1  one of · after say',
      "│  ├─ condition-2        if say.said == 'high'",
      '│  │  ├─ say-2',
      '│  │  └─ condition-3     if limit > 2 · after say-2',
      '│  │     └─ say-3',
    ]);
  });

  it('writes a picture to a file or to stdout', async () => {
    const written = await callCli(['graph', 'exits.yaml', '-o', 'exits.svg'], { cwd });
    const printed = await callCli(['graph', 'exits.yaml', '-o', '-'], { cwd });

    expect(written.stdout).toBe('Wrote exits.svg\n');
    expect(await readFile(path.join(cwd, 'exits.svg'), 'utf8')).toBe(printed.stdout);
    expect(printed.stdout).toMatch(/^<svg[^]*<\/svg>\n$/);
  });

  it('gives the graph as JSON', async () => {
    const { stdout } = await callCli(['graph', 'ml-training-pipeline', '--json'], { cwd });

    expect(JSON.parse(stdout)).toMatchObject({
      pipeline: 'ml-training-pipeline',
      graph: { groups: [{ kind: 'condition', meaning: 'if evaluate.passed == true' }] },
    });
  });

  it('refuses a file that cannot be written, and a picture nobody could read', async () => {
    const tasks = Object.fromEntries(
      Array.from({ length: 1001 }, (_, index) => [`t${index}`, { componentRef: { name: 'c' } }]),
    );
    const spec = {
      pipelineInfo: { name: 'wide' },
      schemaVersion: '2.1.0',
      components: { c: { executorLabel: 'e' } },
      deploymentSpec: { executors: { e: { container: { image: 'i' } } } },
      root: { dag: { tasks } },
    };
    await writeFile(path.join(cwd, 'wide.json'), JSON.stringify(spec));

    const unwritable = await callCli(['graph', 'exits.yaml', '-o', 'none/x.svg'], { cwd });
    const wide = await callCli(['graph', 'wide.json', '-o', 'wide.svg'], { cwd });
    const text = await callCli(['graph', 'wide.json'], { cwd });

    expect(unwritable.stderr).toContain('"none/x.svg" cannot be written (ENOENT)');
    expect(wide.exitCode).toBe(2);
    expect(wide.stderr).toContain('1001 tasks');
    expect(text.stdout.trimEnd().split('\n')).toHaveLength(1002);
  });
});

describe('a tree of text', () => {
  const colors = createColors(false);
  const graph = pipelineGraph(twins.branches.compile().spec);

  it('fits the terminal, and hides nothing (T2)', () => {
    const lines = graphTree('branches', graph, { colors, width: 48 }).split('\n');

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(48);
    const words = lines.join(' ').replace(/[│├└─\s]+/g, ' ');
    expect(words).toContain("if !(say.said == 'high') && say.said == 'low'");
  });

  it('keeps the bars of the tree beside what it wraps', () => {
    const lines = graphTree('branches', graph, { colors, width: 48 }).split('\n');

    const at = lines.findIndex((line) => line.includes('condition-4'));
    expect(lines.slice(at, at + 4)).toEqual([
      '│  ├─ condition-4',
      "│  │  │ if !(say.said == 'high') && say.said ==",
      "│  │  │ 'low'",
      '│  │  └─ say-4',
    ]);
  });

  it('lets no name steer the terminal', () => {
    const name = '\u001b[2Jtrain\n\u202e';
    const spec: PipelineSpecJson = {
      components: { c: { executorLabel: 'e' } },
      root: { dag: { tasks: { a: { taskInfo: { name }, componentRef: { name: 'c' } } } } },
    };

    const tree = graphTree('sample', pipelineGraph(spec), { colors });

    expect(tree).toBe('sample\n└─ \u{FFFD}[2Jtrain\u{FFFD}\u{FFFD}');
  });

  it('of a chain of 20,000 tasks is drawn', () => {
    const tasks = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [
        `t${index}`,
        { componentRef: { name: 'c' }, dependentTasks: index === 19_999 ? [] : [`t${index + 1}`] },
      ]),
    );
    const spec = { components: { c: { executorLabel: 'e' } }, root: { dag: { tasks } } };

    const lines = graphTree('chain', pipelineGraph(spec), { colors }).split('\n');

    expect(lines[1]).toBe('├─ t19999');
    expect(lines).toHaveLength(20_001);
  });
});
