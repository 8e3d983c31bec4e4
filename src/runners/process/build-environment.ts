// Builds one virtual environment: by uv, or by venv and pip where there is no uv.
//
// U1. It is built beside its final place and renamed, so that it is there whole or not at all.

import { readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentFailed } from '../../errors/task.js';
import { buildEnvironment } from './clean-environment.js';
import type { InstallStep } from '../command/parse-preamble.js';
import { runTool } from './run-tool.js';

export interface EnvironmentBuild {
  /** Final folder; must not exist. */
  readonly folder: string;
  readonly basePython: string;
  /** Path of uv; absent: venv and pip. */
  readonly uv?: string;
  readonly steps: readonly InstallStep[];
  readonly signal: AbortSignal;
}

type Argv = readonly [string, ...string[]];

const NETWORK =
  /failed to fetch|error sending request|connect(ion)? (error|refused|reset|timed)|timed? ?out|temporary failure|name resolution|dns error|network is unreachable|certificate|proxy|\b(429|50[0234])\b/i;
const KEPT_LINES = 20;

/**
 * Builds an environment (U1).
 * @throws E_TASK_ENVIRONMENT: retryable when the network failed, not when a package does not exist
 */
export async function buildVirtualEnvironment(build: EnvironmentBuild): Promise<void> {
  const draft = `${build.folder}.building-${process.pid}-${Date.now().toString(36)}`;
  try {
    for (const argv of commands(build, draft)) {
      const result = await runTool(argv, { env: buildEnvironment(), signal: build.signal });
      if (result.exitCode !== 0) throw failure(build, result.log);
    }
    await writeFile(path.join(draft, 'environment.json'), JSON.stringify(build.steps));
    if (build.uv === undefined) await moveScripts(draft, build.folder);
    await publish(draft, build.folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** All requirement lines of a list of steps, in order. */
export function requirementsOf(steps: readonly InstallStep[]): string[] {
  return steps.flatMap(({ requirements }) => requirements);
}

function commands({ uv, basePython, steps }: EnvironmentBuild, draft: string): Argv[] {
  const python = path.join(draft, 'bin', 'python');
  const create: Argv =
    uv === undefined
      ? [basePython, '-m', 'venv', draft]
      : [uv, 'venv', '--quiet', '--relocatable', '--python', basePython, draft];
  const installs = steps.map((step): Argv =>
    uv === undefined
      ? [
          python,
          '-m',
          'pip',
          'install',
          '--quiet',
          '--no-input',
          ...options(step, '--trusted-host', ['--pre']),
          ...step.requirements,
        ]
      : [
          uv,
          'pip',
          'install',
          '--quiet',
          '--python',
          python,
          ...options(step, '--allow-insecure-host', ['--prerelease', 'allow']),
          '--',
          ...step.requirements,
        ],
  );
  return [create, ...installs];
}

function options(step: InstallStep, hostOption: string, prereleases: readonly string[]): string[] {
  return [
    ...(step.noDeps ? ['--no-deps'] : []),
    ...(step.prereleases ? prereleases : []),
    ...(step.indexUrl === undefined ? [] : ['--index-url', step.indexUrl]),
    ...step.extraIndexUrls.flatMap((url) => ['--extra-index-url', url]),
    ...step.trustedHosts.flatMap((host) => [hostOption, host]),
    ...step.findLinks.flatMap((link) => ['--find-links', link]),
  ];
}

function failure(build: EnvironmentBuild, log: string): Error {
  const lines = log.trim().split('\n').slice(-KEPT_LINES).join('\n');
  return environmentFailed(requirementsOf(build.steps), lines, NETWORK.test(log));
}

/** Lets the scripts that pip wrote name the final folder; uv's are relocatable. */
async function moveScripts(draft: string, folder: string): Promise<void> {
  const scripts = path.join(draft, 'bin');
  const from = await realpath(draft);
  for (const name of await readdir(scripts)) {
    const file = path.join(scripts, name);
    const text = await readFile(file, 'latin1');
    const moved = text
      .replaceAll(`#!${from}`, `#!${folder}`)
      .replaceAll(`#!${draft}`, `#!${folder}`);
    if (text.startsWith('#!') && moved !== text) await writeFile(file, moved, 'latin1');
  }
}

async function publish(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Someone else was first with the same environment; theirs is as good.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}
