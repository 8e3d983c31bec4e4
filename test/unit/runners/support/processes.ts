import { readdir, readFile } from 'node:fs/promises';

/** Ids of living processes whose command line holds a text; Linux. */
export async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: number[] = [];
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (line.includes(text) && Number(pid) !== process.pid) found.push(Number(pid));
  }
  return found;
}

/** Ids of the direct children of a process whose command line holds a text. */
export async function childrenOf(parent: number, text: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await processesWith(text)) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (stat.split(') ')[1]?.split(' ')[1] === String(parent)) found.push(pid);
  }
  return found;
}
