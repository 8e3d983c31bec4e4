#!/usr/bin/env node
// A guarded deployment to SageMaker, from the first model to a rollback and on, without AWS.
//
//   npm run demo:sagemaker             about two minutes
//   npm run demo:sagemaker -- --json   the story as one JSON object on stdout
//
// Q1. Only AWS is faked (src/devserver/fake-sagemaker): runs are real, on an embedded Temporal server; models are
//     trained and serve; the alarm judges real answers of a model whose program was killed.
// Q2. Everything it started ends with it, and its folder goes.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tellStory } from './lib/sagemaker-story.mjs';
import { runOrExplain, setUp } from './setup.mjs';

async function demo(args) {
  await setUp();
  const isJson = args.includes('--json');
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-demo-'));
  const startedMs = Date.now();
  const tell = (line) => {
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1).padStart(6);
    (isJson ? process.stderr : process.stdout).write(`${seconds} s  ${line}\n`);
  };
  try {
    const story = await tellStory(folder, tell);
    if (isJson) process.stdout.write(`${JSON.stringify(story)}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runOrExplain(async () => {
  process.exitCode = await demo(process.argv.slice(2));
});
