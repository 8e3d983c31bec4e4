import type { ComponentSpecJson, ContainerSpecJson } from '../ir/index.js';

/**
 * The component that measures models for the gate: python-tasks' gate_evidence, as KFP compiles it. A test compares
 * it with python-tasks/components.json.
 */
export const EVIDENCE_COMPONENT: {
  readonly component: ComponentSpecJson;
  readonly container: ContainerSpecJson;
} = {
  component: {
    inputDefinitions: {
      artifacts: {
        champion: {
          artifactType: {
            schemaTitle: 'system.Model',
            schemaVersion: '0.0.1',
          },
          description: 'Model that the endpoint serves now.',
          isOptional: true,
        },
        champion_train_data: {
          artifactType: {
            schemaTitle: 'system.Dataset',
            schemaVersion: '0.0.1',
          },
          description: 'CSV files that the champion was fitted on.',
          isArtifactList: true,
          isOptional: true,
        },
        held_out: {
          artifactType: {
            schemaTitle: 'system.Dataset',
            schemaVersion: '0.0.1',
          },
          description: 'CSV files that its evaluation was made on.',
          isArtifactList: true,
          isOptional: true,
        },
        model: {
          artifactType: {
            schemaTitle: 'system.Model',
            schemaVersion: '0.0.1',
          },
          description: 'Model about to be deployed: a model folder, or one file with an estimator.',
        },
        train_data: {
          artifactType: {
            schemaTitle: 'system.Dataset',
            schemaVersion: '0.0.1',
          },
          description: 'CSV files that the model was fitted on.',
          isArtifactList: true,
          isOptional: true,
        },
      },
      parameters: {
        allow_pickle: {
          defaultValue: false,
          description: "Whether a pickled model may be loaded, which runs its maker's code.",
          isOptional: true,
          parameterType: 'BOOLEAN',
        },
        champion_allow_pickle: {
          defaultValue: false,
          description: 'The same for the champion.',
          isOptional: true,
          parameterType: 'BOOLEAN',
        },
        champion_digest: {
          defaultValue: '',
          description: 'Digest of its recorded bytes.',
          isOptional: true,
          parameterType: 'STRING',
        },
        model_digest: {
          description: 'Digest of its recorded bytes; other bytes are refused.',
          parameterType: 'STRING',
        },
        segment_columns: {
          defaultValue: [],
          description: 'Columns whose values divide the held-out rows into segments.',
          isOptional: true,
          parameterType: 'LIST',
        },
        smoke_rows: {
          defaultValue: 20.0,
          description: 'Single predictions whose time is taken, at least 1.',
          isOptional: true,
          parameterType: 'NUMBER_INTEGER',
        },
      },
    },
    outputDefinitions: {
      parameters: {
        Output: {
          parameterType: 'STRUCT',
        },
      },
    },
  },
  container: {
    args: ['--executor_input', '{{$}}', '--function_to_execute', 'gate_evidence'],
    command: ['python3', '-m', 'kfp.dsl.executor_main'],
    image: 'anneal-tasks:0.1.0',
  },
};
