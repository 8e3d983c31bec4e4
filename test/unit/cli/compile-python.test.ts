import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPipeline } from '../../../src/ir/yaml/index.js';
import { callCli, type CliCall } from './support/call-cli.js';

const python = process.env['ANNEAL_DEV_PYTHON'];
const NEEDS_KFP_SDK =
  python === undefined ? ' [skipped: set ANNEAL_DEV_PYTHON to a Python with the kfp package]' : '';

const HEADER = `from kfp import dsl

@dsl.container_component
def say(text: str, said: dsl.OutputPath(str)):
    return dsl.ContainerSpec(image="python:3.11", command=["echo", text])

`;
const GREET = `@dsl.pipeline(name="greet")
def greet(name: str = "you"):
    say(text=name)
`;

describe.skipIf(python === undefined)(`compiling a Python file${NEEDS_KFP_SDK}`, () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'anneal-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function compile(source: string, ...flags: readonly string[]): Promise<CliCall> {
    await writeFile(path.join(folder, 'pipe line.py'), source);
    const env = { ANNEAL_DEV_PYTHON: python! };
    return callCli(['compile', 'pipe line.py', ...flags], { cwd: folder, env });
  }

  it('writes the YAML of its pipeline, which the SDK made', async () => {
    const { exitCode, stdout, stderr } = await compile(HEADER + GREET, '-o', 'greet.yaml');

    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: 'Wrote greet.yaml\n',
      stderr: '',
    });
    const { spec } = readPipeline(
      await readFile(path.join(folder, 'greet.yaml'), 'utf8'),
      'greet.yaml',
    );
    expect(spec.pipelineInfo!.name).toBe('greet');
    expect(spec.sdkVersion).toMatch(/^kfp-/);
  });

  it('warns of a condition that the SDK drops in part, even when told to be quiet', async () => {
    const source = `${HEADER}@dsl.pipeline
def gate(a: int, b: int):
    with dsl.If(a == 1 and b == 2):
        say(text="both")
`;

    const { exitCode, stdout, stderr } = await compile(source, '--quiet');

    expect(exitCode).toBe(0);
    expect(stdout).toContain("condition: int(inputs.parameter_values['pipelinechannel--b']) == 2");
    expect(stderr).toContain('pipe line.py:9:17: Python evaluates "a == 1 and b == 2"');
    expect(stderr).toContain('the compiled pipeline tests only "b == 2"');
  });

  it('gives warnings in the JSON too, and prints of the file nowhere', async () => {
    const { stdout } = await compile(`${HEADER}print("hello")\n${GREET}`, '--json');

    expect(JSON.parse(stdout)).toMatchObject({ pipeline: 'greet', warnings: [] });
  });

  it('asks which of several pipelines is meant, and takes the one named', async () => {
    const source = `${HEADER}${GREET}
@dsl.pipeline
def leave():
    say(text="bye")
`;

    const asked = await compile(source);
    const named = await compile(source, '--function', 'leave');
    const wrong = await compile(source, '--function', 'stay');

    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain('Choose one with --function: greet, leave.');
    expect(named.stdout).toContain('name: leave');
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('defines no pipeline "stay"');
  });

  it.each([
    ['does not parse', 'def broken(:\n', /SyntaxError.*\[pipe line\.py:1\]/],
    ['raises', `${HEADER}raise ValueError("no")\n`, /ValueError: no \[pipe line\.py:7\]/],
    ['exits', `import sys\nsys.exit(0)\n`, /SystemExit.*\[pipe line\.py:2\]/],
    ['needs what is not there', 'import kfp\nimport nowhere_to_be_found\n', /ANNEAL_DEV_PYTHON/],
    [
      'is refused by the SDK',
      `${HEADER}@dsl.pipeline\ndef p():\n    say(text=1)\n`,
      /InconsistentTypeException.*\[pipe line\.py:9\]/,
    ],
  ])('says why and where a file that %s is not compiled', async (_how, source, message) => {
    const { exitCode, stdout, stderr } = await compile(source);

    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });

  it('says that a file without a pipeline has none', async () => {
    const { exitCode, stderr } = await compile(HEADER);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('"pipe line.py" defines no pipeline.');
  });
});

describe('a Python file', () => {
  it('that does not exist is named', async () => {
    const { exitCode, stderr } = await callCli(['compile', 'nowhere.py'], {
      env: { ANNEAL_DEV_PYTHON: process.execPath },
    });

    expect(exitCode).toBe(3);
    expect(stderr).toContain('nowhere.py');
  });

  it('given where a compiled pipeline goes is answered with how to compile it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'anneal-test-'));
    await writeFile(path.join(folder, 'p.py'), HEADER + GREET);

    const { exitCode, stderr } = await callCli(['validate', 'p.py'], { cwd: folder });

    expect(exitCode).toBe(3);
    expect(stderr).toContain('anneal compile pipeline.py');
    await rm(folder, { recursive: true });
  });

  it('is what --function is for', async () => {
    const { exitCode, stderr } = await callCli(['compile', 'p.yaml', '--function', 'f']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('--function is for Python files');
  });
});
