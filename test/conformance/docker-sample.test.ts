// KFP's own compiled pipelines in containers: the end, the outputs and the prints they have as processes.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingImage, TASKS_IMAGE } from '../images/support/images.js';
import { TEST_PYTHON } from '../support/anneal-cli.js';
import { outcomesOf } from '../support/outcomes-of.js';
import { PipelineService } from '../support/pipeline-service.js';
import { corpusFile, readCorpus } from './corpus.js';
import { standInImages } from './stand-in-images.js';

/** Pipelines whose containers ask of their image no more than a shell, and what each of them must print. */
const SAMPLE: readonly (readonly [path: string, prints: string])[] = [
  ['argo_compatibility/fast_artifact.yaml', 'input:  foo'],
  ['valid/critical/container_component_with_no_inputs.yaml', 'hello world'],
  [
    'valid/critical/producer_consumer_param_pipeline.yaml',
    '\nHello world, this is an output parameter\n',
  ],
  ['valid/hello_world.yaml', 'hello world'],
  ['valid/essential/pipeline_with_after.yaml', '3rd task'],
  ['valid/pipeline_with_task_final_status_yaml.yaml', '{"state":"SUCCEEDED","error":{}'],
];
/** What they name. */
const IMAGES = [
  'alpine:3.23',
  'alpine:latest',
  'registry.access.redhat.com/ubi9/python-311:latest',
];
const LIMIT_MS = 300_000;

const corpus = readCorpus();
const isReady = corpus !== undefined && TEST_PYTHON !== undefined;
if (!isReady)
  console.warn('SKIPPED: no corpus in containers, ../shared/kfp-corpus or Python missing');

describe.skipIf(!isReady || missingImage(TASKS_IMAGE) !== undefined)(
  "a sample of KFP's pipelines with --runner docker",
  () => {
    let service: PipelineService;
    let takeNamesAway = (): void => undefined;

    beforeAll(async () => {
      takeNamesAway = standInImages(TASKS_IMAGE, IMAGES);
      service = await PipelineService.open(TEST_PYTHON!, {}, { ANNEAL_DOCKER_PULL: 'never' });
    }, LIMIT_MS);
    afterAll(async () => {
      takeNamesAway();
      await service.close();
    });

    test.for(SAMPLE)(
      '%s ends as it does with --runner process',
      { timeout: LIMIT_MS },
      async ([path, prints]) => {
        const entry = corpus?.find((each) => each.path === path);
        if (entry === undefined) throw new Error(`the corpus has no ${path}`);
        const carryOut = async (runner: 'process' | 'docker') => {
          const end = await service.run(corpusFile(entry), entry.arguments, { runner });
          const { runners, outcomes, logs } = await outcomesOf(service.folder, end.view!.runId);
          const results = { outputs: end.view!.outputs, outcomes };
          return { state: end.state, reason: end.reason, runners, results, log: logs.join('') };
        };

        const asProcesses = await carryOut('process');
        const inContainers = await carryOut('docker');

        expect(asProcesses).toMatchObject({ state: 'succeeded', runners: ['process'] });
        expect(inContainers).toMatchObject({ state: 'succeeded', runners: ['docker'] });
        expect(inContainers.results).toEqual(asProcesses.results);
        expect(asProcesses.log).toContain(prints);
        expect(inContainers.log).toContain(prints);
      },
    );
  },
);
