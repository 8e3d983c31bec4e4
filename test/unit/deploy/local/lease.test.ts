import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimLease, findLeaseHolder } from '../../../../src/deploy/local/lease.js';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'anneal-lease-')), 'lease');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const claimTwenty = async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, () => claimLease(folder)));
  return claims.filter((lease) => lease !== undefined);
};

async function leaveDeadLease(number: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const holder = { pid: process.pid, startedAt: 'another process of this id', bootId: 'x' };
  await writeFile(join(folder, `lease.${number}`), JSON.stringify({ holder }));
}

describe('claimLease', () => {
  it('gives a free lease to exactly one of many claimants (K2)', async () => {
    expect(await claimTwenty()).toHaveLength(1);
  });

  it('gives the lease of a dead holder to exactly one of many claimants (K2)', async () => {
    await leaveDeadLease(7);

    const held = await claimTwenty();

    expect(held.map(({ generation }) => generation)).toEqual([8]);
    expect(await readdir(folder)).toEqual(['lease.8']);
  });

  it('names the live holder, and nobody for a dead one', async () => {
    await leaveDeadLease(1);
    const before = await findLeaseHolder(folder);

    await claimLease(folder);

    expect(before).toBeUndefined();
    expect((await findLeaseHolder(folder))?.pid).toBe(process.pid);
  });

  it('can be taken again, under a higher number, once it was given back', async () => {
    const first = (await claimLease(folder))!;
    await first.release();

    const second = (await claimLease(folder))!;

    expect(second.generation).toBeGreaterThan(first.generation);
    expect(await first.isHeld()).toBe(false);
    expect(await second.isHeld()).toBe(true);
  });

  it('is no longer held once its folder is gone', async () => {
    const lease = (await claimLease(folder))!;

    await rm(folder, { recursive: true });

    expect(await lease.isHeld()).toBe(false);
  });
});
