import { describe, expect, test } from 'vitest';
import { parsePreamble, type InstallStep } from '../../../src/runners/command/parse-preamble.js';
import { withoutSdkStep } from '../../../src/runners/process/sdk-step.js';
import { preamble } from './support/kfp-component.js';

const EXECUTOR = 'kfp.dsl.executor_main';
const INSTALLED = ['kfp==2.17.0', 'pip==25.0'];
const ADDED = `'--no-deps' 'typing-extensions>=3.7.4,<5; python_version<"3.9"'`;

const stepsOf = (...commands: string[]): InstallStep[] =>
  parsePreamble(preamble(commands.map((line) => `python3 -m pip install ${line}`).join(' && ')))!;

describe("the step that KFP's compiler adds", () => {
  test.each(['2.1.3', '2.14.6', '2.17.0'])('%s is covered by a base with 2.17.0', (release) => {
    const steps = stepsOf(`'kfp==${release}' ${ADDED}`);

    expect(withoutSdkStep(steps, EXECUTOR, INSTALLED)).toEqual([]);
  });

  test.each(['2.18.0', '2.17.1', '3.0.0', '1.8.22', '2.0.0b13'])('%s is installed', (release) => {
    const steps = stepsOf(`'kfp==${release}' ${ADDED}`);

    expect(withoutSdkStep(steps, EXECUTOR, INSTALLED)).toEqual(steps);
  });

  test("the author's own packages stay", () => {
    const steps = stepsOf(`'kfp==2.9.0' ${ADDED}`, `'pandas==2.2.0'`);

    const left = withoutSdkStep(steps, EXECUTOR, INSTALLED);

    expect(left.map(({ requirements }) => requirements)).toEqual([['pandas==2.2.0']]);
  });

  test('a kfp with its dependencies, or from another index, is installed as asked', () => {
    const steps = stepsOf(
      `'kfp==2.9.0'`,
      `--index-url https://index.example 'kfp==2.9.0' --no-deps`,
    );

    expect(withoutSdkStep(steps, EXECUTOR, INSTALLED)).toEqual(steps);
  });

  test('a release that has its executor elsewhere is installed', () => {
    const steps = stepsOf(`'kfp==2.0.1' ${ADDED}`);

    expect(withoutSdkStep(steps, 'kfp.components.executor_main', INSTALLED)).toEqual(steps);
  });
});
