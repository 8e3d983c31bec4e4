// Ends that KFP's own tests leave open, read from KFP's semantics; what a file needs beside what its class says;
// and outputs, worked out by hand.

import type { JsonValue } from '../../src/util/index.js';
import type { End } from '../support/pipeline-service.js';

interface Reading {
  readonly end?: End;
  /** Why it ends so; or what it needs that this machine has not, where it is not refused for that. */
  readonly because?: string;
  readonly needs?: string;
  /** Outputs of the pipeline that are the same in every run. */
  readonly outputs?: Readonly<Record<string, JsonValue>>;
  /** Minutes it sleeps: too long for `npm test`. */
  readonly minutes?: number;
}

const ARTIFACT_INPUT: Reading = {
  end: 'refused',
  because: 'a required input is an artifact, and a run passes parameters only',
};

/** By path within the corpus; a file not listed must succeed. */
export const READINGS: Readonly<Record<string, Reading>> = {
  'valid/component_with_metadata_fields.yaml': ARTIFACT_INPUT,
  'valid/input_artifact.yaml': ARTIFACT_INPUT,
  'valid/pipeline_with_metadata_fields.yaml': ARTIFACT_INPUT,
  'valid/create_pod_metadata_complex.yaml': {
    end: 'failed',
    because: 'validate-no-pod-metadata wants empty variables, and its executor is given none',
  },
  'valid/container_io.yaml': { needs: 'the program "my_program" of an image that has none' },
  'valid/container_with_placeholder_in_fstring.yaml': {
    needs: 'the program "my_program" of an image that has none',
  },
  'valid/critical/pipeline_with_artifact_upload_download.yaml': {
    needs: 'a data set of a hub on the network',
  },
  'valid/integration/ray_integration_compiled.yaml': { needs: 'a Ray cluster on Kubernetes' },
  'valid/local_execution/local_execution_pipeline_with_ignore_upstream_failure.yaml': {
    end: 'failed',
    because: 'the task that ignores the failure runs, but a failed task fails its DAG',
  },
  'valid/nested_with_parameters.yaml': {
    end: 'failed',
    because: "the backend joins nested loops' outputs into one list; the component expects lists",
  },
  'valid/pipeline_as_exit_task.yaml': {
    end: 'failed',
    because: 'its task fails on purpose, and the exit task does not change that',
  },
  'valid/pipeline_with_parallelfor_parallelism.yaml': {
    end: 'refused',
    because: 'loop_parameter has no default and the manifest gives it no value',
  },
  'valid/upload_download_compiled.yaml': {
    end: 'refused',
    because: 'two parameters have no default and the manifest gives them no value',
  },
  'valid/long-running.yaml': { minutes: 5 },
  'valid/take_nap_pipeline_root_compiled.yaml': { minutes: 15 },
  'valid/critical/add_numbers.yaml': { outputs: { Output: 10 } },
  'valid/essential/concat_message.yaml': { outputs: { Output: 'Hello World!' } },
  'valid/identity.yaml': { outputs: { Output: 'test_value' } },
};
