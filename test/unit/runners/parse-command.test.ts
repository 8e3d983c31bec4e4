import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { describe, expect, test } from 'vitest';
import { imageStandIn } from '../../../src/runners/process/image-rules.js';
import { parseCommand } from '../../../src/runners/command/parse-command.js';
import { planLaunch } from '../../../src/runners/process/plan-launch.js';
import { lightweight, preamble } from './support/kfp-component.js';

const PIP = 'python3 -m pip install --quiet --no-warn-script-location';
const KFP = `${PIP} 'kfp==2.17.0' '--no-deps' 'typing-extensions>=3.7.4,<5; python_version<"3.9"'`;
const none = { extraIndexUrls: [], trustedHosts: [], findLinks: [], prereleases: false };

function installOf(pipCommands: string) {
  const { command, args } = lightweight('def component(): pass', pipCommands);
  return parseCommand(command, args).install;
}

describe('the install preambles of the SDK are read, not run', () => {
  test('KFP alone', () => {
    expect(installOf(KFP)).toEqual([
      {
        requirements: ['kfp==2.17.0', 'typing-extensions>=3.7.4,<5; python_version<"3.9"'],
        noDeps: true,
        ...none,
      },
    ]);
  });

  test('packages before KFP, with their dependencies', () => {
    const steps = installOf(`${PIP} 'pandas>=2' 'scikit-learn'  &&  ${KFP}`);

    expect(steps.map(({ requirements, noDeps }) => [requirements.length, noDeps])).toEqual([
      [2, false],
      [2, true],
    ]);
  });

  test('index addresses and trusted hosts', () => {
    const steps = installOf(
      `${PIP} --index-url https://a/simple --extra-index-url https://b/simple --trusted-host a 'x' `,
    );

    expect(steps).toEqual([
      {
        ...none,
        requirements: ['x'],
        noDeps: false,
        indexUrl: 'https://a/simple',
        extraIndexUrls: ['https://b/simple'],
        trustedHosts: ['a'],
      },
    ]);
  });

  test('use_venv', () => {
    const venv =
      '\nexport PIP_DISABLE_PIP_VERSION_CHECK=1\ntmp=$(mktemp -d)\npython3 -m venv "$tmp/venv" --system-site-packages\n. "$tmp/venv/bin/activate"\n';

    expect(installOf(`${venv} ${KFP}`)).toHaveLength(1);
    expect(installOf(`${PIP} 'x' && ${venv} ${KFP}`)).toHaveLength(2);
  });

  test('the older form with a second try for --user', () => {
    const install =
      "PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location 'a==1' 'b'";
    const script = `(${install} || ${install} --user) && "$0" "$@"`;

    const parsed = parseCommand(['sh', '-c', script, 'python3', '-u', '-c', 'pass'], ['--x']);

    expect(parsed).toEqual({
      install: [{ ...none, requirements: ['a==1', 'b'], noDeps: false }],
      program: { kind: 'command', argv: ['python3', '-u', '-c', 'pass', '--x'] },
    });
  });

  test('a component compiled without KFP installs nothing', () => {
    const { command, args } = lightweight('def component(): pass');

    expect(parseCommand(command, args)).toMatchObject({
      install: [],
      program: { kind: 'python', module: 'kfp.dsl.executor_main', args },
    });
  });

  test.each([
    ['a command that is not pip', 'apt-get update'],
    ['a requirements file', `${PIP} -r requirements.txt`],
    ['a redirection', `${PIP} x > log`],
    ['an unclosed quote', `${PIP} 'x`],
    ['a pipe', `${PIP} x | cat`],
  ])('%s is left to the shell', (_, commands) => {
    const script = preamble(commands);

    expect(parseCommand(['sh', '-c', script, 'echo'], []).program).toEqual({
      kind: 'command',
      argv: ['sh', '-c', script, 'echo'],
    });
  });
});

test('a containerized component of KFP is recognised', () => {
  const { program } = parseCommand(
    ['python3', '-m', 'kfp.dsl.executor_main'],
    ['--executor_input', '{}'],
  );

  expect(program).toEqual({
    kind: 'python',
    module: 'kfp.dsl.executor_main',
    args: ['--executor_input', '{}'],
  });
});

describe('images', () => {
  test.each([
    ['python:3.9', 'common'],
    ['alpine', 'common'],
    ['registry.example/ubi9/python-311:latest', 'common'],
    ['ghcr.example/containerd/busybox@sha256:00', 'common'],
    ['anneal-tasks:0.1.0', 'anneal-tasks'],
    ['localhost:5000/team/anneal-tasks', 'anneal-tasks'],
    ['someone/alpine-curl', 'unknown'],
    ['kfp-image', 'unknown'],
  ])('%s: %s', (image, standIn) => {
    expect(imageStandIn(image)).toBe(standIn);
  });

  const refused: [string, string, string[]][] = [
    ['an unknown image', 'gcr.example/my-image', ['sh', 'run.sh']],
    ['a command that is not on this machine', 'alpine', ['no-such-program-here']],
    ['an image without command', 'alpine', []],
    ['code inside an image', 'kfp-image', ['python3', '-m', 'kfp.dsl.executor_main']],
  ];
  test.each(refused)('%s needs Docker', async (_, image, command) => {
    await expect(
      planLaunch({ image, command, args: [] }, { basePython: '/python/bin/python' }),
    ).rejects.toMatchObject({
      code: 'E_IMAGE',
      message: expect.stringContaining(image) as string,
    });
  });

  test('a lightweight component runs whatever its image', async () => {
    const plan = await planLaunch(
      { ...lightweight('def component(): pass'), image: 'my/own' },
      { basePython: '/python/bin/python' },
    );

    expect(plan.program.kind).toBe('python');
  });
});

const CORPUS = path.join(import.meta.dirname, '../../../../shared/kfp-corpus');

describe.skipIf(!existsSync(CORPUS))(
  "KFP's own compiled pipelines (skipped without ../shared)",
  () => {
    test('every lightweight component is recognised, with its KFP version', async () => {
      const containers = await corpusContainers();
      const lightweights = containers.filter(({ command }) =>
        command.join(' ').includes('ephemeral_component.py'),
      );

      const unread = lightweights.filter(({ command, args }) => {
        const { program, install } = parseCommand(command, args);
        const hasPreamble = (command[2] ?? '').includes('pip install');
        const readsKfp = install.some(({ requirements }) =>
          requirements.some((line) => line.startsWith('kfp')),
        );
        return program.kind !== 'python' || (hasPreamble && !readsKfp);
      });
      expect(lightweights.length).toBeGreaterThan(150);
      expect(unread).toEqual([]);
    });
  },
);

interface CorpusContainer {
  readonly command: string[];
  readonly args: string[];
}

async function corpusContainers(): Promise<CorpusContainer[]> {
  const names = await readdir(path.join(CORPUS, 'valid'), { recursive: true });
  const found: CorpusContainer[] = [];
  for (const name of names.filter((each) => each.endsWith('.yaml'))) {
    const text = await readFile(path.join(CORPUS, 'valid', name), 'utf8');
    for (const document of parseAllDocuments(text)) {
      const spec = document.toJS() as {
        deploymentSpec?: { executors?: Record<string, { container?: Partial<CorpusContainer> }> };
      } | null;
      for (const { container } of Object.values(spec?.deploymentSpec?.executors ?? {})) {
        if (container) found.push({ command: container.command ?? [], args: container.args ?? [] });
      }
    }
  }
  return found;
}
