import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A git work tree in a temporary folder, away from the settings of whoever runs the tests. */
export class GitTree {
  readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'anneal-git-')));

  constructor() {
    this.git('init', '--quiet');
  }

  /** Runs git, and gives back what it printed. */
  git(...args: readonly string[]): string {
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    const { PATH } = process.env;
    const env = { PATH, HOME: this.folder, GIT_CONFIG_NOSYSTEM: '1' };
    const options = { cwd: this.folder, env, encoding: 'utf8' } as const;
    return execFileSync('git', [...identity, ...args], options).trim();
  }

  /** Writes a file. @param name  from the top of the tree. @returns its absolute path */
  write(name: string, content: string): string {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Commits everything that is not ignored. @returns the commit */
  commit(): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'a commit');
    return this.git('rev-parse', 'HEAD');
  }
}
