import { launcherEnvironment } from './clean-environment.js';
import { runTool } from './run-tool.js';

/** Whether this system lets a task have folders mounted at fixed paths; asked once. */
export class MountAbility {
  private answer: Promise<string | undefined> | undefined;

  constructor(
    private readonly python: string,
    private readonly tasksFolder: string,
  ) {}

  /** Why not; undefined when it does. */
  refusal(): Promise<string | undefined> {
    this.answer ??= this.ask();
    return this.answer;
  }

  private async ask(): Promise<string | undefined> {
    const env = launcherEnvironment(this.tasksFolder);
    const { exitCode, log } = await runTool([this.python, '-m', 'anneal_launcher.mounts'], { env });
    if (exitCode === 0) return undefined;
    const said = log.trim().split('\n').at(-1) ?? '';
    return `this system gives processes no file tree of their own (${said})`;
  }
}
