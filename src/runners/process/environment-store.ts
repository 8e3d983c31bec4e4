// The Python environments of a machine: the base one, and one per distinct set of requirements.
//
// E1. An environment's digest covers requirements, options, interpreter and platform; equal digests
//     are the same folder, built once and shared by all workers of the machine.
// E2. When the base environment meets every requirement, it is used and nothing is built.
// E3. A build outlives the task that asked first: others may wait for it. close() ends it.

import { access, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { environmentFailed, environmentLacks } from '../../errors/task.js';
import { BaseEnvironment, digestOf } from './base-environment.js';
import { buildVirtualEnvironment, requirementsOf } from './build-environment.js';
import { withBuildLock } from './build-lock.js';
import type { InstallStep } from '../command/parse-preamble.js';
import { withoutSdkStep } from './sdk-step.js';

export interface PythonEnvironment {
  readonly python: string;
  /** `sha256:<hex>` (E1). */
  readonly digest: string;
}

/** What a program needs of its environment. */
export interface EnvironmentNeed {
  readonly steps: readonly InstallStep[];
  /** Module of KFP's executor that runs the program; absent for plain commands. */
  readonly executor?: string;
  /** Python of an environment made by the user, which is used as it is. */
  readonly python?: string;
}

export interface EnvironmentStoreOptions {
  readonly base: BaseEnvironment;
  readonly folder: string;
  readonly uv?: string;
  readonly onProgress: (message: string) => void;
}

interface Choice extends PythonEnvironment {
  readonly build?: { readonly folder: string; readonly steps: readonly InstallStep[] };
}

const NAME = /^[A-Za-z0-9._-]+/;

/** Finds or builds the environment for a list of install steps. */
export class EnvironmentStore {
  private readonly builds = new Map<string, Promise<void>>();
  private readonly named = new Map<string, BaseEnvironment>();
  private readonly closing = new AbortController();

  constructor(private readonly options: EnvironmentStoreOptions) {}

  /** Digest of the environment that would be used; nothing is built. */
  async digest(need: EnvironmentNeed): Promise<string> {
    return (await this.choose(need)).digest;
  }

  /** Makes the environment ready. Throws E_TASK_ENVIRONMENT. */
  async prepare(need: EnvironmentNeed): Promise<PythonEnvironment> {
    const choice = await this.choose(need);
    if (choice.build !== undefined && !(await exists(choice.python))) {
      await this.buildOnce(choice.digest, choice.build.folder, choice.build.steps);
    }
    return { python: choice.python, digest: choice.digest };
  }

  /** Ends running builds (E3). */
  async close(): Promise<void> {
    this.closing.abort(new Error('the worker is stopping'));
    await Promise.allSettled(this.builds.values());
  }

  private async choose(need: EnvironmentNeed): Promise<Choice> {
    if (need.python !== undefined) return this.chooseNamed(need.python, need.steps);
    const { base } = this.options;
    const { executor } = need;
    const { installed } = await base.describe();
    const steps = withoutSdkStep(need.steps, executor, installed);
    const description = await base.describe(requirementsOf(steps));
    if (description.missing.length === 0)
      return { python: base.python, digest: await base.digest() };
    const complete = executor !== undefined ? withExecutor(steps, description.installed) : steps;
    const digest = digestOf({
      steps: complete.map((step) => ({ ...step, requirements: [...step.requirements].sort() })),
      python: description.python,
      implementation: description.implementation,
      platform: description.platform,
    });
    const folder = path.join(this.options.folder, digest.slice('sha256:'.length));
    return {
      python: path.join(folder, 'bin', 'python'),
      digest,
      build: { folder, steps: complete },
    };
  }

  private async chooseNamed(python: string, steps: readonly InstallStep[]): Promise<Choice> {
    let environment = this.named.get(python);
    if (environment === undefined) {
      environment = new BaseEnvironment(python, this.options.base.tasksFolder);
      this.named.set(python, environment);
    }
    const { missing } = await environment.describe(requirementsOf(steps));
    if (missing.length > 0) throw environmentLacks(python, missing);
    return { python, digest: await environment.digest() };
  }

  private async buildOnce(
    digest: string,
    folder: string,
    steps: readonly InstallStep[],
  ): Promise<void> {
    let build = this.builds.get(digest);
    if (build === undefined) {
      build = this.build(folder, steps).finally(() => this.builds.delete(digest));
      this.builds.set(digest, build);
    }
    await build;
  }

  private async build(folder: string, steps: readonly InstallStep[]): Promise<void> {
    const { base, uv, onProgress } = this.options;
    await mkdir(this.options.folder, { recursive: true, mode: 0o700 });
    const { signal } = this.closing;
    await withBuildLock(`${folder}.lock`, signal, async () => {
      if (await exists(path.join(folder, 'environment.json'))) return;
      await rm(folder, { recursive: true, force: true });
      onProgress(`building environment with ${namesOf(steps).join(', ')}`);
      await buildVirtualEnvironment({ folder, basePython: base.python, uv, steps, signal });
    }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      throw environmentFailed(requirementsOf(steps), 'the worker is stopping', true);
    });
  }
}

/** KFP's executor must be there; a component compiled without it expects it in its image. */
function withExecutor(
  steps: readonly InstallStep[],
  installed: readonly string[],
): readonly InstallStep[] {
  const base = installed.find((line) => line.startsWith('kfp=='));
  const hasExecutor = requirementsOf(steps).some(
    (line) => /^kfp(?![\w.-])/i.test(line.trim()) || /\/kfp|#egg=kfp/.test(line),
  );
  if (hasExecutor || base === undefined) return steps;
  const none = { extraIndexUrls: [], trustedHosts: [], findLinks: [], prereleases: false };
  return [...steps, { requirements: [base], noDeps: true, ...none }];
}

function namesOf(steps: readonly InstallStep[]): string[] {
  const lines = requirementsOf(steps).filter((line) => !line.includes('python_version'));
  return lines.map((line) => NAME.exec(line)?.[0] ?? line);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
