// The pipelines of python/pipelines.py, written in the TypeScript DSL.

import {
  Artifact,
  boolean,
  ClassificationMetrics,
  component,
  Dataset,
  double,
  eq,
  field,
  ge,
  gt,
  importer,
  integer,
  le,
  list,
  listOf,
  lt,
  Metrics,
  Model,
  ne,
  parallelFor,
  pipeline,
  string,
  struct,
  text,
  when,
} from '../../../src/dsl/index.js';

const image = 'python:3.11';

const prepare = component({
  name: 'prepare',
  inputs: { raw: Dataset, share: double({ default: 0.2 }), note: string({ default: '' }) },
  outputs: { train_data: Dataset, test_data: Dataset },
  container: ({ inputs, outputs }) => ({
    image,
    command: ['prepare'],
    args: [
      '--raw',
      inputs.raw.path,
      '--share',
      inputs.share,
      '--train',
      outputs.train_data.path,
      '--test',
      outputs.test_data.uri,
    ],
  }),
});

const fit = component({
  name: 'fit',
  inputs: { train_data: Dataset, trees: integer({ default: 100 }) },
  outputs: { model: Model, metrics: Metrics },
  container: ({ inputs }) => ({ image, command: ['fit'], args: ['--trees', inputs.trees] }),
});

const score = component({
  name: 'score',
  inputs: { model: Model, test_data: Dataset },
  outputs: {
    report: ClassificationMetrics,
    passed: boolean(),
    accuracy: double(),
    rows: integer(),
    label: string(),
  },
  container: ({ outputs }) => ({
    image,
    command: ['score'],
    args: ['--passed', outputs.passed.outputFile],
  }),
});

const deploy = component({
  name: 'deploy',
  inputs: { model: Model, endpoint: string() },
  container: { image, command: ['deploy'] },
});

const say = component({
  name: 'say',
  inputs: {
    text: string(),
    settings: struct({ default: { a: [1, true] } }),
    words: list({ default: ['x'] }),
  },
  outputs: { said: string() },
  container: ({ inputs }) => ({ image, command: ['say', inputs.text] }),
});

const show = component({ name: 'show', inputs: { anything: Artifact }, container: { image } });

const gate = pipeline(
  {
    name: 'gate',
    description: 'Train, and deploy behind a gate.',
    inputs: {
      path: string(),
      trees: integer({ default: 10 }),
      endpoint: string({ default: 'e' }),
      share: double({ default: 0.5 }),
    },
  },
  (inputs) => {
    const raw = importer({
      uri: inputs.path,
      type: Dataset,
      reimport: true,
      metadata: { source: 'crm' },
    });
    const parts = prepare({ raw: raw.outputs.artifact, share: inputs.share });
    const fitted = fit(
      { train_data: parts.outputs.train_data, trees: inputs.trees },
      {
        displayName: 'Fit the forest',
        retry: { retries: 3, backoffSeconds: 10, backoffFactor: 1.5, maxBackoffSeconds: 60 },
      },
    );
    const scored = score({ model: fitted.outputs.model, test_data: parts.outputs.test_data });
    when(
      eq(scored.outputs.passed, true),
      () => deploy({ model: fitted.outputs.model, endpoint: inputs.endpoint }, { caching: false }),
      { name: 'deploy-condition' },
    );
    show({ anything: scored.outputs.report }, { after: [parts] });
    return { passed: scored.outputs.passed, model: fitted.outputs.model };
  },
);

const fixedImport = pipeline({ name: 'fixed-import' }, () => {
  const raw = importer({ uri: 'gs://bucket/data.csv', type: Dataset });
  show({ anything: raw.outputs.artifact });
});

const comparisons = pipeline(
  {
    name: 'comparisons',
    inputs: {
      model: Model,
      data: Dataset,
      limit: integer({ default: 3 }),
      share: double({ default: 0.5 }),
      on: boolean({ default: true }),
      word: string({ default: 'w' }),
    },
  },
  ({ model, data, limit, share, on, word }) => {
    const { rows, accuracy, label } = score({ model, test_data: data }).outputs;
    when(gt(rows, 2), () => say({ text: 'a' }));
    when(ge(rows, limit), () => say({ text: 'b' }));
    when(lt(rows, 2.5), () => say({ text: 'c' }));
    when(le(accuracy, share), () => say({ text: 'd' }));
    when(ne(accuracy, 0.25), () => say({ text: 'e' }));
    when(eq(on, false), () => say({ text: 'f' }));
    when(eq(word, 'yes'), () => say({ text: word }));
    when(ne(label, word), () => say({ text: label }));
    when(eq(rows, accuracy), () => say({ text: 'g' }));
  },
);

const branches = pipeline(
  { name: 'branches', inputs: { word: string(), limit: integer({ default: 3 }) } },
  ({ word, limit }) => {
    const { said } = say({ text: word }).outputs;
    const chosen = when(eq(said, 'high'), () => {
      const a = say({ text: '1' });
      when(gt(limit, 2), () => say({ text: word }, { after: [a] }));
      return { said: a.outputs.said };
    })
      .elseWhen(eq(said, 'low'), () => ({ said: say({ text: said }).outputs.said }))
      .otherwise(() => {
        const message = text`neither high nor low: ${said} of ${word}`;
        return { said: say({ text: message }).outputs.said };
      });
    say({ text: chosen.outputs.said });
    return { Output: chosen.outputs.said };
  },
);

const count = component({
  name: 'count',
  inputs: { words: list(), model_list: listOf(Model) },
  outputs: { said: string() },
  container: { image },
});

const loops = pipeline(
  { name: 'loops', inputs: { word: string(), data: Dataset, words: list() } },
  ({ word, data, words }) => {
    const first = say({ text: word });
    const each = parallelFor(
      { items: words, item: string(), parallelism: 2, name: 'each word' },
      (item) => {
        const fitted = fit({ train_data: data });
        const said = say({ text: text`${item} after ${first.outputs.said}` });
        when(eq(item, 'twice'), () => say({ text: item }));
        return { said: said.outputs.said, model: fitted.outputs.model };
      },
    );
    count({ words: each.outputs.said, model_list: each.outputs.model });
    parallelFor({ items: [{ trees: 10 }, { trees: 99 }], item: struct() }, (size) =>
      fit({ train_data: data, trees: field(size, 'trees', integer()) }),
    );
    return { models: each.outputs.model };
  },
);

const overArtifacts = pipeline(
  { name: 'over-artifacts', inputs: { models: listOf(Model) } },
  ({ models }) => {
    parallelFor({ items: models }, (model) => deploy({ model, endpoint: 'e' }));
  },
);

const inner = pipeline(
  { name: 'inner', inputs: { word: string(), times: integer({ default: 2 }) } },
  ({ word, times }) => {
    const { said } = say({ text: word }).outputs;
    when(gt(times, 1), () => say({ text: said }));
    return { Output: said };
  },
);

const outer = pipeline({ name: 'outer', inputs: { word: string() } }, ({ word }) => {
  const one = inner({ word });
  const two = inner({ word: one.outputs.Output, times: 1 });
  say({ text: two.outputs.Output });
});

/** Twins by name. */
export const twins = {
  gate,
  'fixed-import': fixedImport,
  comparisons,
  branches,
  loops,
  'over-artifacts': overArtifacts,
  outer,
} as const;
