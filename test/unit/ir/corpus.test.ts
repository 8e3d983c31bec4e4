// KFP's own compiled pipelines. They are no part of the project: without them these tests are skipped.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pipelineDigest, readPipeline, writePipeline } from '../../../src/ir/yaml/index.js';
import { refusalOf } from './sample-spec.js';

const corpus = fileURLToPath(new URL('../../../../shared/kfp-corpus/', import.meta.url));
const hasCorpus = existsSync(corpus);
const reason = hasCorpus ? '' : ' [skipped: ../shared/kfp-corpus is not there]';

const filesIn = (folder: string) =>
  hasCorpus
    ? readdirSync(corpus + folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => `${folder}/${file}`)
    : ['none'];
const read = (file: string) => readPipeline(readFileSync(corpus + file, 'utf8'), file);

describe.skipIf(!hasCorpus)(`KFP's compiled pipelines${reason}`, () => {
  test.each([...filesIn('valid'), ...filesIn('argo_compatibility')])('%s is valid', (file) => {
    expect(read(file).warnings).toEqual([]);
  });

  test.each(filesIn('valid'))('%s is written and read as the same pipeline', (file) => {
    const pipeline = read(file);

    const again = readPipeline(writePipeline(pipeline), file);

    expect(again).toEqual(pipeline);
    expect(pipelineDigest(again)).toBe(pipelineDigest(pipeline));
  });

  test.each(filesIn('invalid'))('%s is refused at a place', (file) => {
    const refusal = refusalOf(() => read(file));

    expect(refusal.exitCode).toBe(3);
    expect(refusal.where).toMatch(/:\d+:\d+$/);
  });
});
