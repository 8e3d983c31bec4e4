import {
  Artifact,
  boolean,
  component,
  Dataset,
  double,
  integer,
  list,
  listOf,
  Metrics,
  Model,
  optional,
  string,
} from '../../src/dsl/index.js';

const container = { image: 'python:3.11' };

export const prepare = component({
  name: 'prepare',
  inputs: { raw: Dataset, share: double({ default: 0.2 }), note: string({ optional: true }) },
  outputs: { train_data: Dataset, rows: integer(), columns: list(), label: string() },
  container,
});

export const fit = component({
  name: 'fit',
  inputs: { train_data: Dataset, trees: integer(), report: optional(Metrics) },
  outputs: { model: Model, metrics: Metrics, accuracy: double(), passed: boolean() },
  container,
});

export const publish = component({
  name: 'publish',
  inputs: { model: Model, title: string() },
  container,
});

export const inspect = component({
  name: 'inspect',
  inputs: { anything: Artifact },
  outputs: { copy: Artifact },
  container,
});

export const merge = component({
  name: 'merge',
  inputs: { parts: listOf(Dataset) },
  outputs: { merged: Dataset, parts: listOf(Dataset) },
  container,
});

export const ping = component({ name: 'ping', container });
