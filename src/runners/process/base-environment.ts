// What the base Python environment is and has.
//
// B1. It is asked once per distinct list of requirements; a worker's base environment does not change.

import { createHash } from 'node:crypto';
import { basePythonFailed } from '../../errors/task.js';
import { canonicalJson } from '../../util/json.js';
import { launcherEnvironment } from './clean-environment.js';
import { runTool } from './run-tool.js';

export interface BaseDescription {
  readonly python: string;
  readonly implementation: string;
  readonly platform: string;
  /** Sorted `name==version` lines. */
  readonly installed: readonly string[];
  /** The asked requirements that are not met. */
  readonly missing: readonly string[];
}

/** Answers questions about one Python environment. */
export class BaseEnvironment {
  private readonly answers = new Map<string, Promise<BaseDescription>>();

  constructor(
    readonly python: string,
    readonly tasksFolder: string,
  ) {}

  /** Describes the environment, and which requirements it does not meet. Throws E_TASK_ENVIRONMENT. */
  describe(requirements: readonly string[] = []): Promise<BaseDescription> {
    const question = JSON.stringify([...requirements].sort());
    let answer = this.answers.get(question);
    if (answer === undefined) {
      answer = this.ask(question);
      this.answers.set(question, answer);
      answer.catch(() => this.answers.delete(question));
    }
    return answer;
  }

  /** `sha256:<hex>` of interpreter, platform and everything installed. */
  async digest(): Promise<string> {
    const { python, implementation, platform, installed } = await this.describe();
    return digestOf({ base: { python, implementation, platform, installed } });
  }

  private async ask(question: string): Promise<BaseDescription> {
    try {
      const answer = await runTool([this.python, '-m', 'anneal_launcher.satisfied', question], {
        env: launcherEnvironment(this.tasksFolder),
      });
      if (answer.exitCode !== 0) throw new Error(answer.log);
      return JSON.parse(answer.stdout) as BaseDescription;
    } catch (cause) {
      throw basePythonFailed(this.python, cause);
    }
  }
}

/** `sha256:<hex>` of a value's canonical JSON. */
export function digestOf(value: Parameters<typeof canonicalJson>[0]): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}
