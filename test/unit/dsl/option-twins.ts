// The pipelines of python/options.py, written in the TypeScript DSL.

import {
  Artifact,
  component,
  Dataset,
  eq,
  exitHandler,
  finalStatus,
  integer,
  list,
  listOf,
  Model,
  ne,
  optional,
  parallelFor,
  pipeline,
  string,
  when,
} from '../../../src/dsl/index.js';

const image = 'python:3.11';

const say = component({
  name: 'say',
  inputs: { text: string(), mood: string({ default: 'calm' }) },
  outputs: { said: string() },
  container: ({ inputs }) => ({ image, command: ['say', inputs.text] }),
});

const notify = component({
  name: 'notify',
  inputs: { status: finalStatus(), channel: string({ default: 'ops' }) },
  container: ({ inputs }) => ({
    image,
    command: ['notify', inputs.status],
    args: ['--channel', inputs.channel],
  }),
});

const fit = component({
  name: 'fit',
  inputs: {
    data: Dataset,
    trees: integer({ optional: true }),
    name: string({ default: 'forest' }),
    previous: optional(Model),
  },
  outputs: { model: Model },
  container: ({ inputs, outputs, concat, ifPresent }) => ({
    image,
    command: ['fit', concat('--data=', inputs.data.path, '?as=', inputs.data.metadata('format'))],
    args: [
      ifPresent('trees', ['--trees', inputs.trees], ['--default']),
      ifPresent('previous', ['--previous', inputs.previous.uri]),
      concat("name='", ifPresent('name', concat(inputs.name, ' "ü"'), 'none'), "'"),
      '--model',
      outputs.model.path,
      '--run',
      '{{$.pipeline_job_name}}',
    ],
  }),
});

const merge = component({
  name: 'merge',
  inputs: { models: listOf(Model) },
  outputs: { merged: Artifact },
  container: ({ inputs, outputs }) => ({
    image,
    command: ['merge', inputs.models],
    args: [outputs.merged.path],
  }),
});

const exits = pipeline(
  { name: 'exits', inputs: { word: string({ default: 'w' }) } },
  ({ word }) => {
    const first = say({ text: 'first' });
    const handler = exitHandler(
      notify({ channel: word }, { env: { LEVEL: 'high' } }),
      () => {
        const one = say({ text: first.outputs.said });
        when(eq(one.outputs.said, word), () => say({ text: 'inside' }));
      },
      { name: 'clean up' },
    );
    const after = say({ text: 'after' }, { after: [handler] });
    exitHandler(notify(), () => say({ text: word }, { after: [after] }));
  },
);

const ignoring = pipeline({ name: 'ignoring', inputs: { word: string() } }, ({ word }) => {
  const ignoreUpstreamFailure = true;
  const risky = say({ text: word });
  const told = notify({ channel: 'told' }, { after: [risky], ignoreUpstreamFailure });
  say({ text: word, mood: risky.outputs.said }, { after: [told], ignoreUpstreamFailure });
  parallelFor({ items: ['a', 'b'], item: string() }, (item) => {
    const inner = say({ text: item });
    notify({ channel: item }, { after: [inner], ignoreUpstreamFailure });
  });
});

const leaving = pipeline({ name: 'leaving', inputs: { word: string() } }, ({ word }) => {
  exitHandler(notify(), () => say({ text: word }));
});

const resources = pipeline(
  { name: 'resources', inputs: { data: Dataset, size: string({ default: '4Gi' }) } },
  ({ data, size }) => {
    const task = fit(
      { data, trees: 3 },
      {
        resources: {
          cpu: { request: '500m', limit: '2' },
          memory: { request: '512Mi', limit: size },
          accelerator: { type: 'nvidia.com/gpu', count: 2 },
        },
        cacheKey: 'forest-1',
        env: { THREADS: '2', MODE: 'fast' },
        timeoutSeconds: 3600,
      },
    );
    const { said } = say({ text: 'how much?' }).outputs;
    when(ne(said, ''), () =>
      fit(
        { data, previous: task.outputs.model },
        {
          resources: {
            memory: { limit: said },
            cpu: { limit: '0.25' },
            accelerator: { type: said },
          },
        },
      ),
    );
    fit({ data, trees: 1, name: 't' }, { resources: { memory: { limit: '7M', request: '100' } } });
    leaving({ word: size });
  },
);

const lists = pipeline(
  {
    name: 'lists',
    inputs: { data: Dataset, words: list(), count: integer({ optional: true }) },
  },
  ({ data, words, count }) => {
    const fitted = parallelFor({ items: words, item: string() }, (word) => ({
      model: fit({ data, name: word, trees: count }).outputs.model,
    }));
    merge({ models: fitted.outputs.model });
  },
);

/** Twins by name. */
export const optionTwins = { exits, ignoring, resources, lists } as const;
