// A finished run of the churn pipeline, as the server and the store would give it.

import type { ArtifactRef, RunView, TaskView } from '../../../src/contract/index.js';
import type { PipelineSpecJson, PipelineTaskSpecJson } from '../../../src/ir/index.js';
import type { JsonObject } from '../../../src/util/index.js';
import type { ReportExecution, ReportInput } from '../../../src/viewer/index.js';

const STARTED = Date.parse('2026-01-31T09:45:02.000Z');

const digest = (seed: string): string =>
  `sha256:${seed
    .repeat(64)
    .slice(0, 64)
    .replace(/[^0-9a-f]/g, '0')}`;

const artifact = (name: string, type: string, metadata: JsonObject = {}): ArtifactRef => ({
  name,
  type,
  schemaVersion: '0.0.1',
  uri: `file:///home/ada/churn/.anneal/store/runs/run-1/${name}`,
  digest: digest(`${name.length}ab${name.charCodeAt(0)}`),
  sizeBytes: 48_213,
  metadata,
});

// y = x^0.15: a convex curve with area 1 / 1.15 = 0.8696.
const ROC_POINTS = Array.from({ length: 81 }, (_, index) => {
  const falsePositiveRate = index / 80;
  return {
    confidenceThreshold: 1 - falsePositiveRate,
    falsePositiveRate,
    recall: falsePositiveRate ** 0.15,
  };
});

const CLASSIFICATION = artifact('classification', 'system.ClassificationMetrics', {
  confusionMatrix: {
    annotationSpecs: [{ displayName: 'no' }, { displayName: 'yes' }],
    rows: [{ row: [851, 8] }, { row: [58, 83] }],
  },
  confidenceMetrics: ROC_POINTS,
});

const EVALUATION = artifact('metrics', 'system.Metrics', {
  test_accuracy: 0.934,
  test_f1_weighted: 0.9281,
  test_roc_auc: 0.9187,
  test_accuracy_lower: 0.9169,
  test_accuracy_upper: 0.9478,
  majority_accuracy: 0.859,
  test_rows: 1000,
  threshold: 0.85,
  passed: true,
  model_digest: digest('d1'),
});

const RAW = artifact('artifact', 'system.Dataset', { source: 'examples/churn/mlc_churn.csv' });
const TRAIN = artifact('train_data', 'system.Dataset', { rows: 4000 });
const TEST = artifact('test_data', 'system.Dataset', { rows: 1000 });
const DATA_REPORT = artifact('data_report', 'system.Metrics', {
  rows: 5000,
  columns: 20,
  label_column: 'churn',
  positive_class: 'yes',
  class_counts: { no: 4293, yes: 707 },
  duplicate_rows: 0,
  warnings: ['column "state" has 51 distinct values'],
});
const MODEL = artifact('model', 'system.Model', { framework: 'scikit-learn', format: 'skops' });
const TRAIN_METRICS = artifact('metrics', 'system.Metrics', {
  train_accuracy: 0.98175,
  train_f1_weighted: 0.9811,
  cv_accuracy_mean: 0.93475,
  cv_accuracy_std: 0.0061,
});
const IMPORTANCES = artifact('feature_importances', 'system.Metrics', {
  total_day_minutes: 0.1562,
  total_day_charge: 0.1498,
  number_customer_service_calls: 0.1327,
  international_plan: 0.0931,
  total_eve_minutes: 0.0674,
  total_eve_charge: 0.0652,
  total_intl_calls: 0.0511,
  total_intl_minutes: 0.0475,
  total_intl_charge: 0.0468,
  total_night_minutes: 0.0389,
  total_night_charge: 0.0384,
  voice_mail_plan: 0.0311,
  number_vmail_messages: 0.0298,
  total_day_calls: 0.0279,
  account_length: 0.0262,
  state: 0.0401,
  area_code: 0.0068,
});

function task(
  name: string,
  startSecond: number,
  seconds: number,
  rest: Partial<TaskView> = {},
): TaskView {
  return {
    name,
    kind: 'container',
    status: 'succeeded',
    cached: false,
    attempts: 1,
    startedAt: new Date(STARTED + startSecond * 1000).toISOString(),
    finishedAt: new Date(STARTED + (startSecond + seconds) * 1000).toISOString(),
    seconds,
    ...rest,
  };
}

const outputs = (artifacts: readonly ArtifactRef[], parameters: JsonObject = {}) => ({
  parameters,
  artifacts: Object.fromEntries(artifacts.map((item) => [item.name, [item]])),
});

/** A task that deploys, as the gate left it. */
export const JUDGED: TaskView = task('judged-deploy', 7.1, 1, {
  kind: 'deploy',
  status: 'skipped',
  decision: {
    verdict: 'refused',
    reason: 'worse than the champion',
    rules: [
      {
        ...{ rule: 'leak', passed: true, numbers: { held_out_rows: 1000, overlap_rows: 0 } },
        words: 'None of the 1000 held-out rows is a training row.',
      },
      {
        ...{ rule: 'champion', passed: false, numbers: { rows: 100, p_value: 0.9876 } },
        words: '80 of 100 shared unseen rows right, the champion 90: worse.',
      },
    ],
    modelDigest: digest('d1'),
    policyDigest: digest('d2'),
    decidedAt: new Date(STARTED).toISOString(),
    recordKey: 'models/churn-model-prod/decisions/run-1/1/decision.json',
    recordDigest: digest('d3'),
    approval: {
      ...{ answer: 'rejected', by: 'ada', reason: 'too early' },
      at: new Date(STARTED).toISOString(),
    },
  },
});

/** Five stages, the gate passed, the endpoint serves. */
export const CHURN_RUN: RunView = {
  runId: 'ml-training-pipeline-20260131-094502-7f3a',
  pipeline: 'ml-training-pipeline',
  version: 3,
  digest: digest('c0ffee'),
  status: 'succeeded',
  startedAt: new Date(STARTED).toISOString(),
  finishedAt: new Date(STARTED + 9_840).toISOString(),
  parameters: {
    data_path: 'examples/churn/mlc_churn.csv',
    test_split: 0.2,
    n_estimators: 100,
    max_depth: 10,
    deploy_threshold: 0.85,
    endpoint_name: 'churn-model-prod',
    instance_type: 'ml.t2.medium',
    label_column: '',
  },
  outputs: {},
  tasks: [
    task('importer', 0.1, 0.12, {
      kind: 'importer',
      attempts: 0,
      outputs: outputs([RAW]),
    }),
    task('preprocess', 0.3, 0.94, { outputs: outputs([TRAIN, TEST, DATA_REPORT]) }),
    task('train', 1.3, 4.61, { outputs: outputs([MODEL, TRAIN_METRICS, IMPORTANCES]) }),
    task('evaluate', 6.0, 1.02, {
      outputs: outputs([EVALUATION, CLASSIFICATION], {
        passed: true,
        test_accuracy: 0.934,
        reason: 'test accuracy 0.934 is at least 0.85 and beats always answering "no" (0.859).',
      }),
    }),
    task('deploy-condition', 7.1, 2.61, { kind: 'dag', attempts: 0 }),
    task('deploy-condition/deploy-model', 7.2, 2.5, { kind: 'deploy' }),
  ],
  deployment: {
    status: 'promoted',
    endpoint: 'churn-model-prod',
    url: 'http://127.0.0.1:41873/invocations',
    reason: 'test_accuracy 0.934 >= threshold 0.85',
    modelDigest: MODEL.digest,
  },
  warnings: [],
};

const from = (producerTask: string, outputArtifactKey: string) => ({
  taskOutputArtifact: { producerTask, outputArtifactKey },
});

const taskSpec = (
  name: string,
  component: string,
  artifacts: Record<string, ReturnType<typeof from>> = {},
  rest: Partial<PipelineTaskSpecJson> = {},
): PipelineTaskSpecJson => ({
  taskInfo: { name },
  componentRef: { name: component },
  inputs: { artifacts },
  ...rest,
});

/** The compiled pipeline of CHURN_RUN, as far as its graph goes. */
export const CHURN_SPEC: PipelineSpecJson = {
  pipelineInfo: { name: 'ml-training-pipeline' },
  schemaVersion: '2.1.0',
  components: {
    'comp-importer': { executorLabel: 'exec-importer' },
    'comp-preprocess': { executorLabel: 'exec-preprocess' },
    'comp-train': { executorLabel: 'exec-train' },
    'comp-evaluate': { executorLabel: 'exec-evaluate' },
    'comp-deploy': { executorLabel: 'exec-deploy' },
    'comp-condition': {
      dag: { tasks: { 'deploy-model': taskSpec('deploy-model', 'comp-deploy') } },
    },
  },
  root: {
    dag: {
      tasks: {
        importer: taskSpec('importer', 'comp-importer'),
        preprocess: taskSpec('preprocess', 'comp-preprocess', {
          raw_data: from('importer', 'artifact'),
        }),
        train: taskSpec('train', 'comp-train', { train_data: from('preprocess', 'train_data') }),
        evaluate: taskSpec('evaluate', 'comp-evaluate', {
          model: from('train', 'model'),
          test_data: from('preprocess', 'test_data'),
        }),
        'deploy-condition': taskSpec(
          'deploy-condition',
          'comp-condition',
          { model: from('train', 'model'), evaluation: from('evaluate', 'metrics') },
          {
            triggerPolicy: {
              condition: "inputs.parameter_values['pipelinechannel--evaluate-passed'] == true",
            },
          },
        ),
      },
    },
  },
};

const execution = (
  name: string,
  inputs: readonly ArtifactRef[],
  made: readonly ArtifactRef[],
  parameters: JsonObject = {},
): ReportExecution => ({
  task: name,
  inputs: outputs(inputs, parameters),
  outputs: outputs(made),
  environmentDigest: digest('e11'),
  componentDigest: digest(`c0de${name.length}`),
});

/** Everything the report of CHURN_RUN is drawn from. */
export const CHURN_REPORT: ReportInput = {
  view: CHURN_RUN,
  spec: CHURN_SPEC,
  executions: [
    execution('importer', [], [RAW]),
    execution('preprocess', [RAW], [TRAIN, TEST, DATA_REPORT], { test_split: 0.2 }),
    execution('train', [TRAIN], [MODEL, TRAIN_METRICS, IMPORTANCES], {
      n_estimators: 100,
      max_depth: 10,
    }),
    execution('evaluate', [MODEL, TEST], [EVALUATION, CLASSIFICATION], { threshold: 0.85 }),
    execution('deploy-condition/deploy-model', [MODEL, EVALUATION], []),
  ],
  environment: { anneal: '0.1.0', node: '20.20.2', python: '3.11.7', 'scikit-learn': '1.9.0' },
  renderedAt: '2026-01-31T09:45:13.000Z',
};
