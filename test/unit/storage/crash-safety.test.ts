// Real processes, really killed. A round in which nothing was under way proves nothing: each test counts those that were.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readManifest } from '../../../src/lineage/index.js';
import { openLocalStore, verifyArtifact } from '../../../src/storage/index.js';
import { compileSources } from './compile-sources.js';

const ROUNDS = 25;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anneal-crash-'));
  await compileSources(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('kill -9 in the middle of put leaves every document whole or absent (S1, W1)', async () => {
  const root = join(folder, 'documents');
  let interrupted = 0;

  for (let round = 0; round < ROUNDS; round += 1) {
    const before = (await temporaryFiles(root)).length;
    await killAfterLines('write-documents.mjs', [root, `round-${round}`], round % 5);
    if ((await temporaryFiles(root)).length > before) interrupted += 1;
  }

  const store = await openLocalStore(root);
  const torn: string[] = [];
  for await (const { key } of store.list('')) {
    if (!isWhole(Buffer.from((await store.get(key))!).toString())) torn.push(key);
  }
  expect(torn).toEqual([]);
  expect(interrupted).toBeGreaterThan(0);
});

test('kill -9 in the middle of publishing leaves no manifest without its whole outputs', async () => {
  const root = join(folder, 'outputs');
  let interrupted = 0;

  for (let round = 0; round < ROUNDS; round += 1) {
    await killAfterLines('publish-outputs.mjs', [root, `round-${round}`], round % 5);
    const published = await verifyRun(root, `round-${round}`);
    if (published.attempts > published.manifests) interrupted += 1;
  }

  expect(interrupted).toBeGreaterThan(0);
});

test('of four processes that race for 150 documents, each document has one winner (S2)', async () => {
  const root = join(folder, 'race');
  const racers = ['a', 'b', 'c', 'd'].map((name) => start('race.mjs', [root, name, '150']));
  for (const { lines } of racers) await lines.next();
  for (const { child } of racers) child.stdin.write('go\n');

  const won = await Promise.all(
    racers.map(async ({ lines }) => JSON.parse((await lines.next()).value as string) as number[]),
  );

  expect(won.flat().sort((left, right) => left - right)).toEqual(
    Array.from({ length: 150 }, (_, number) => number),
  );
});

/** Checks every published task of a run, byte for byte. */
async function verifyRun(
  root: string,
  runId: string,
): Promise<{ manifests: number; attempts: number }> {
  const store = await openLocalStore(root);
  const tasks = await store.listFolders(`runs/${runId}/tasks`);
  let manifests = 0;
  for (const task of tasks) {
    const manifest = await readManifest(store, `runs/${runId}/tasks/${task}/_manifest.json`);
    if (manifest === undefined) continue;
    manifests += 1;
    const [model] = manifest.outputs.artifacts.model!;
    await verifyArtifact(store, model!.uri, model!.digest!);
  }
  return { manifests, attempts: tasks.length };
}

/** Starts a child, waits until it printed `count` lines more than none, and kills it at once. */
async function killAfterLines(script: string, args: string[], count: number): Promise<void> {
  const { child, lines } = start(script, args);
  const ended = once(child, 'exit');
  for (let line = 0; line <= count; line += 1) await lines.next();
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

function start(script: string, args: string[]) {
  const child = spawn(process.execPath, [join(folder, 'children', script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function temporaryFiles(root: string): Promise<string[]> {
  return readdir(join(root, '.tmp')).catch(() => []);
}

function isWhole(document: string): boolean {
  const [length, body] = document.split('\n') as [string, string];
  return body.length === Number(length) + 'end'.length && body.endsWith('end');
}
