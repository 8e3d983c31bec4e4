import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { identifyProcess, isSameProcessAlive } from '#process-identity';
import { acquireLock, readLockHolder } from '#process-lock';

const LOCK_MODULE = path.resolve('bin/lib/process-lock.mjs');

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-lock-'));
  file = path.join(folder, 'lock');
});

/** Starts a process that takes the lock, prints one line, and holds it until it is ended. */
async function startHolder(): Promise<{ pid: number; kill: () => Promise<void> }> {
  const script = `
    import { acquireLock } from ${JSON.stringify(LOCK_MODULE)};
    await acquireLock(${JSON.stringify(file)}, { waitMs: 10_000 });
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { pid: child.pid!, kill: () => (child.kill('SIGKILL'), gone) };
}

describe('the lock between processes', () => {
  test('is refused while another live process holds it', async () => {
    const holder = await startHolder();

    const release = await acquireLock(file);

    expect(release).toBeUndefined();
    expect(readLockHolder(file)?.pid).toBe(holder.pid);
    await holder.kill();
  });

  test('is taken over from a holder that was killed', async () => {
    const holder = await startHolder();
    await holder.kill();

    const release = await acquireLock(file);

    expect(release).toBeDefined();
    expect(readLockHolder(file)?.pid).toBe(process.pid);
  });

  test('is taken over when the process that was taking it over was killed as well', async () => {
    const holder = await startHolder();
    writeFileSync(`${file}.takeover`, JSON.stringify(identifyProcess(holder.pid)));
    await holder.kill();

    const release = await acquireLock(file);

    expect(release).toBeDefined();
  });

  test('is taken over from an earlier process that had the same id', async () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another boot:1' }));

    const release = await acquireLock(file);

    expect(release).toBeDefined();
  });

  test('is free again once given back, and leaves no file behind', async () => {
    const release = await acquireLock(file);
    release!();

    expect(readLockHolder(file)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('goes to exactly one of many processes that find a dead holder at once', async () => {
    const holder = await startHolder();
    await holder.kill();
    const script = `
      import { acquireLock } from ${JSON.stringify(LOCK_MODULE)};
      process.stdin.once('data', async () => {
        console.log((await acquireLock(${JSON.stringify(file)})) ? 'won' : 'lost');
        process.stdin.once('data', () => process.exit());
      });
      console.log('ready');`;
    const children = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script]),
    );
    const nextLine = (child: (typeof children)[number]) =>
      new Promise<string>((resolve) =>
        child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
      );
    await Promise.all(children.map(nextLine));

    const answers = Promise.all(children.map(nextLine));
    children.forEach((child) => child.stdin.write('go\n'));

    expect((await answers).filter((answer) => answer === 'won')).toHaveLength(1);
    children.forEach((child) => child.stdin.write('end\n'));
  });
});

describe('the identity of a process', () => {
  test('stops matching when the process has ended', async () => {
    const holder = await startHolder();
    const identity = identifyProcess(holder.pid)!;
    expect(isSameProcessAlive(identity)).toBe(true);

    await holder.kill();

    expect(isSameProcessAlive(identity)).toBe(false);
  });
});
