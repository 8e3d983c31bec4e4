// Finds and ends serving processes whose supervisor died before it could.
//
// P2. A process is ours when it is called as we call the serving program, with a model inside the
//     endpoint's own variants folder: no list of process ids is trusted, so a reused id is never hit.

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { promisify } from 'node:util';
import { endProcessGroup } from './end-process-group.js';
import { SERVING_MODULE } from './serving-process.js';

const run = promisify(execFile);

/** Ends every serving process of an endpoint, with all it started. */
export async function endStrayProcesses(variantsFolder: string, graceMs: number): Promise<void> {
  const strays = await findStrayProcesses(variantsFolder);
  await Promise.all(strays.map((pid) => endProcessGroup(pid, graceMs)));
}

/** Lists the serving processes of an endpoint (P2). */
export async function findStrayProcesses(variantsFolder: string): Promise<number[]> {
  const model = `--model ${variantsFolder}${sep}`;
  const listed = process.platform === 'linux' ? await listFromProc() : await listFromPs();
  return listed
    .filter(({ command }) => command.includes(SERVING_MODULE) && command.includes(model))
    .map(({ pid }) => pid);
}

interface ListedProcess {
  readonly pid: number;
  /** Arguments, parted by single spaces. */
  readonly command: string;
}

async function listFromProc(): Promise<ListedProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(
    pids.map(async (pid) => ({
      pid,
      command: (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll(
        '\0',
        ' ',
      ),
    })),
  );
}

async function listFromPs(): Promise<ListedProcess[]> {
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,command='], { maxBuffer: 64 * 2 ** 20 });
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+) (.*)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), command: match[2]! }];
  });
}
