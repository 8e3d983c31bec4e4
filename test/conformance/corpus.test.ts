// KFP's own compiled pipelines, each run by the real client and worker, several at once on one service.
//
// `npm run conformance` shows the table; `npm test` runs the same as its stage "conformance".

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/util/index.js';
import { TEST_PYTHON } from '../support/anneal-cli.js';
import { CLUSTER_FILES } from './cluster-files.js';
import { corpusFile, readCorpus, type CorpusEntry } from './corpus.js';
import { PipelineService } from '../support/pipeline-service.js';
import { judge, type Judgement } from './judge.js';
import { READINGS } from './readings.js';
import { scoreLine, scoreSum, type ScoreRow } from './score-table.js';

/** Parts of paths to run; every file when empty. */
const ONLY = process.env['CONFORMANCE_ONLY'] ?? '';
/** Files that sleep for minutes run too, as `npm run conformance` wants. */
const WITH_LONG = process.env['CONFORMANCE_LONG'] === '1';
/** The first task of a file may have to download and build its environment. */
const FILE_TIMEOUT_MS = 30 * 60_000;

const corpus = readCorpus()?.filter(({ path }) =>
  ONLY.split(',').some((part) => path.includes(part)),
);
const lacking =
  corpus === undefined
    ? '../shared/kfp-corpus is not there'
    : TEST_PYTHON === undefined
      ? 'ANNEAL_TEST_PYTHON is not set'
      : undefined;
if (lacking !== undefined) console.warn(`SKIPPED: conformance did not run, ${lacking}`);

describe.skipIf(lacking !== undefined)("KFP's compiled pipelines end as they must", () => {
  const rows: ScoreRow[] = [];
  const folder = mkdtempSync(`${tmpdir()}/anneal-corpus-`);
  let service: PipelineService;

  beforeAll(async () => {
    service = await PipelineService.open(TEST_PYTHON!, CLUSTER_FILES);
  });
  afterAll(async () => {
    console.log(`\n${scoreSum(rows)}`);
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.concurrent.for(corpus ?? [])(
    '$path',
    { timeout: FILE_TIMEOUT_MS },
    async (entry, context) => {
      const { minutes = 0 } = READINGS[entry.path] ?? {};
      const isLeftOut = minutes > 0 && !WITH_LONG;
      if (isLeftOut) {
        rows.push({ ...leftOut(minutes), entry, seconds: 0 });
        return context.skip(leftOut(minutes).reason);
      }
      const end = await service.run(corpusFile(entry), argumentsOf(entry, folder));
      const row: ScoreRow = { ...judge(entry, end), entry, seconds: end.seconds };
      rows.push(row);
      console.log(scoreLine(row));

      if (row.verdict === 'not run') return context.skip(row.reason);
      expect(row.verdict, row.reason).toBe('passed');
    },
  );
});

function leftOut(minutes: number): Judgement {
  const reason = `it sleeps for ${minutes} minutes: npm run conformance runs it`;
  return { verdict: 'not run', expected: 'succeeded', got: 'left out', reason };
}

function argumentsOf(entry: CorpusEntry, folder: string): JsonObject {
  const text = JSON.stringify(entry.arguments).replaceAll('{a temporary folder}', folder);
  return JSON.parse(text) as JsonObject;
}
