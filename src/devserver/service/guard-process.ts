import { spawn } from 'node:child_process';

// The shell's `read` returns when the pipe's other end goes, whatever way this process goes.
const SCRIPT = 'read -r _; kill -KILL "$1" 2>/dev/null';

/**
 * Kills a child when this process goes, even by SIGKILL: a shell of one line waits at the end of a pipe.
 * For programs that, unlike the workers, do not watch their own standard input.
 *
 * @returns lifts the guard; to be called as soon as the child has ended, before its id can be used again
 */
export function guardProcess(pid: number): () => void {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'anneal-guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return () => shell.kill('SIGKILL');
}
