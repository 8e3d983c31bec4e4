import { spawn } from 'node:child_process';

export interface ToolResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Output and errors as they came, the last 64 KiB. */
  readonly log: string;
}

const KEPT_CHARACTERS = 64 * 1024;

/**
 * Runs a short tool of ours to its end, in its own process group.
 * When the signal aborts, the group is killed and the promise rejects with the signal's reason.
 */
export function runTool(
  argv: readonly [string, ...string[]],
  options: { readonly env: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
): Promise<ToolResult> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let stdout = '';
    let log = '';
    const abort = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      log = (log + chunk.toString()).slice(-KEPT_CHARACTERS);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-KEPT_CHARACTERS);
    });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      options.signal?.removeEventListener('abort', abort);
      if (options.signal?.aborted) reject(options.signal.reason as Error);
      else resolve({ exitCode, stdout, log });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
