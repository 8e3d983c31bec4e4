// The churn pipeline: import, preprocess, train, evaluate, and deploy behind the gate.
//
// P1. Training never sees the test rows: train takes train_data, evaluate takes test_data.
// P2. A model is deployed only when its own evaluation passed; deploying is never cached.

import { Dataset, double, importer, integer, pipeline, string, when } from '../dsl/index.js';
import { deployModel, evaluate, preprocess, train } from './components.generated.js';

export const churn = pipeline(
  {
    name: 'ml-training-pipeline',
    description: 'Trains a churn classifier and deploys it when it passes on held-out rows.',
    inputs: {
      data_path: string({
        description: 'CSV file with one labelled row per customer: path or URI.',
      }),
      test_split: double({
        default: 0.2,
        description: 'Share of rows held out, a fraction in (0, 1).',
      }),
      n_estimators: integer({ default: 100, description: 'Number of trees.' }),
      max_depth: integer({ default: 10, description: 'Greatest depth of a tree.' }),
      deploy_threshold: double({
        default: 0.85,
        description: 'Least test accuracy to deploy, in [0, 1].',
      }),
      endpoint_name: string({
        default: 'churn-model-prod',
        description: 'Endpoint to create or update.',
      }),
      instance_type: string({ default: 'ml.t2.medium', description: 'SageMaker instance type.' }),
      label_column: string({
        default: '',
        description: 'Column to predict; empty: churn, or target.',
      }),
    },
  },
  (inputs) => {
    const raw = importer({ uri: inputs.data_path, type: Dataset }, { name: 'import' });
    const split = preprocess({
      raw_data: raw.outputs.artifact,
      test_split: inputs.test_split,
      label_column: inputs.label_column,
    });
    const trained = train({
      train_data: split.outputs.train_data,
      n_estimators: inputs.n_estimators,
      max_depth: inputs.max_depth,
      label_column: inputs.label_column,
    });
    const evaluated = evaluate({
      model: trained.outputs.model,
      test_data: split.outputs.test_data,
      threshold: inputs.deploy_threshold,
    });
    when(
      evaluated.outputs.passed,
      () => {
        const model = {
          model: trained.outputs.model,
          evaluation: evaluated.outputs.metrics,
          endpoint_name: inputs.endpoint_name,
          instance_type: inputs.instance_type,
        };
        deployModel(model, { caching: false });
      },
      { name: 'deploy-condition' },
    );
    return {
      test_accuracy: evaluated.outputs.test_accuracy,
      passed: evaluated.outputs.passed,
    };
  },
);
