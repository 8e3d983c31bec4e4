import { describe, expect, it } from 'vitest';
import {
  component,
  eq,
  importer,
  list,
  Dataset,
  listOf,
  parallelFor,
  pipeline,
  string,
  text,
  when,
} from '../../../src/dsl/index.js';
import type { Pipeline } from '../../../src/ir/index.js';
import { validatePipeline } from '../../../src/ir/validate/index.js';
import { SDK_VERSION } from '../../../src/dsl/compile/compile-pipeline.js';
import packageJson from '../../../package.json' with { type: 'json' };

const image = 'python:3.11';

const say = component({
  name: 'say',
  inputs: { text: string({ default: '' }) },
  outputs: { said: string(), file: Dataset },
  container: { image },
});
const condition = component({ name: 'condition', container: { image } });
const join = component({ name: 'join', inputs: { files: listOf(Dataset) }, container: { image } });

const tasksOf = ({ spec }: Pipeline, dag = 'root') =>
  (dag === 'root' ? spec.root : spec.components![dag])!.dag!.tasks!;

const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;
const building = (body: () => void) => () => pipeline({ name: 'sample' }, body);

describe('a compiled pipeline', () => {
  it('names the version of this package', () => {
    expect(SDK_VERSION).toBe(`anneal-${packageJson.version}`);
  });

  it('is the same every time', () => {
    const sample = pipeline({ name: 'sample' }, () => say({ text: 'a' }));

    expect(sample.compile()).toEqual(sample.compile());
  });

  it('gives tasks of one component the names KFP gives them', () => {
    const compiled = pipeline({ name: 'sample' }, () => {
      say();
      say();
      say({}, { name: 'aloud' });
    }).compile();

    expect(Object.keys(tasksOf(compiled))).toEqual(['say', 'say-2', 'aloud']);
    expect(Object.keys(compiled.deployment.executors)).toEqual([
      'exec-say',
      'exec-say-2',
      'exec-aloud',
    ]);
  });

  it('never gives a branch the name of a task', () => {
    const compiled = pipeline({ name: 'sample' }, () => {
      const { said } = say().outputs;
      condition();
      condition({}, { name: 'condition-1' });
      when(eq(said, 'a'), () => condition());
    }).compile();

    expect(Object.keys(tasksOf(compiled))).toEqual([
      'say',
      'condition',
      'condition-1',
      'condition-3',
    ]);
    expect(() => validatePipeline(compiled)).not.toThrow();
  });

  it('passes values down through every DAG between', () => {
    const compiled = pipeline(
      { name: 'sample', inputs: { word: string(), words: list() } },
      ({ word, words }) => {
        const first = say({ text: word });
        when(eq(word, 'go'), () => {
          parallelFor({ items: words, item: string() }, (outer) => {
            parallelFor({ items: words, item: string() }, (inner) => {
              say({ text: text`${first.outputs.said} ${outer} ${inner} ${word}` });
            });
          });
        });
      },
    ).compile();

    expect(() => validatePipeline(compiled)).not.toThrow();
    expect(tasksOf(compiled, 'comp-for-loop-3')['say-2']!.inputs!.parameters).toMatchObject({
      'pipelinechannel--say-said': {
        componentInputParameter: 'pipelinechannel--say-said',
      },
      'pipelinechannel--words-loop-item': {
        componentInputParameter: 'pipelinechannel--words-loop-item',
      },
      'pipelinechannel--words-loop-item-2': {
        componentInputParameter: 'pipelinechannel--words-loop-item-2',
      },
    });
  });

  it('collects artifacts through nested loops', () => {
    const compiled = pipeline({ name: 'sample', inputs: { words: list() } }, ({ words }) => {
      const files = parallelFor({ items: words, item: string() }, (word) => ({
        file: say({ text: word }).outputs.file,
      }));
      join({ files: files.outputs.file });
    }).compile();

    expect(() => validatePipeline(compiled)).not.toThrow();
    expect(tasksOf(compiled)['join']!.inputs!.artifacts!['files']).toEqual({
      taskOutputArtifact: { producerTask: 'for-loop-1', outputArtifactKey: 'file' },
    });
  });

  it('makes a branch wait for what a task in it waits for', () => {
    const compiled = pipeline({ name: 'sample', inputs: { word: string() } }, ({ word }) => {
      const first = say();
      const loop = parallelFor({ items: ['a'], item: string() }, (item) => say({ text: item }));
      when(eq(word, 'a'), () => {
        const inside = condition({}, { after: [first, loop] });
        say({}, { after: [inside] });
      });
    }).compile();

    expect(tasksOf(compiled)['condition-2']!.dependentTasks).toEqual(['for-loop-1', 'say']);
    expect(tasksOf(compiled, 'comp-condition-2')['condition']!.dependentTasks).toBeUndefined();
    expect(tasksOf(compiled, 'comp-condition-2')['say-3']!.dependentTasks).toEqual(['condition']);
  });
});

describe('building a pipeline refuses', () => {
  it('a component called outside a pipeline', () => {
    expect(() => say()).toThrow(code('E_SPEC'));
  });

  it('an async build function', () => {
    const build = () => Promise.resolve(say());

    // @ts-expect-error a promise is no output
    expect(() => pipeline({ name: 'sample' }, build)).toThrow(code('E_SPEC'));
  });

  it('a pipeline or branch without tasks', () => {
    expect(building(() => undefined)).toThrow(code('E_SPEC'));
    expect(building(() => void when(eq(say().outputs.said, ''), () => undefined))).toThrow(
      code('E_SPEC'),
    );
  });

  it('two tasks of one name', () => {
    const twice = building(() => {
      say({}, { name: 'a' });
      say({}, { name: 'a' });
    });

    expect(twice).toThrow(code('E_NAME_COLLISION'));
  });

  it.each(['', 'Sample', 'a b', 'a/b', "a'b", '-a', 'a'.repeat(129)])(
    'the pipeline name %j',
    (name) => {
      expect(() => pipeline({ name }, () => say())).toThrow(code('E_NAME'));
    },
  );

  it.each(['__proto__', 'a-b', "a'b", 'a b', '1a', ''])('the input name %j', (name) => {
    const inputs = JSON.parse(`{${JSON.stringify(name)}: null}`) as never;

    expect(() => component({ name: 'x', inputs, container: { image } })).toThrow(code('E_NAME'));
  });

  it('an output of a branch read outside it', () => {
    const leaking = building(() => {
      const { said } = say().outputs;
      let inside = said;
      when(eq(said, ''), () => {
        inside = say().outputs.said;
      });
      say({ text: inside });
    });

    expect(leaking).toThrow(code('E_UNKNOWN_OUTPUT'));
  });

  it('an output of another pipeline', () => {
    const leaking = building(() => {
      let foreign = say().outputs.said;
      pipeline({ name: 'other' }, () => {
        foreign = say().outputs.said;
      });
      say({ text: foreign });
    });

    expect(leaking).toThrow(code('E_UNKNOWN_OUTPUT'));
  });

  it('to wait for a task of a branch that may never run', () => {
    const waiting = building(() => {
      const first = say();
      let inside = first;
      when(eq(first.outputs.said, ''), () => {
        inside = say();
      });
      say({}, { after: [inside] });
    });

    expect(waiting).toThrow(code('E_UNKNOWN_TASK'));
  });

  it('a pipeline output that is an input of the pipeline', () => {
    const inputs = { word: string() };
    expect(() =>
      pipeline({ name: 'sample', inputs }, ({ word }) => {
        say();
        return { word };
      }),
    ).toThrow(code('E_UNKNOWN_OUTPUT'));
  });

  it.each([0, -1, 1.5, NaN])('a loop with parallelism %d', (parallelism) => {
    const loop = { items: ['a'], item: string(), parallelism };

    expect(building(() => void parallelFor(loop, (text) => say({ text })))).toThrow(
      code('E_LOOP_LIMIT'),
    );
  });

  it('a loop whose items are not of the declared type', () => {
    const loop = { items: [1] as never, item: string() };

    expect(building(() => void parallelFor(loop, (text) => say({ text })))).toThrow(
      code('E_LOOP_LIMIT'),
    );
  });

  it.each([{ retries: -1 }, { retries: 1.5 }, { retries: 1, backoffFactor: 0.5 }])(
    'the retry policy %j',
    (retry) => {
      expect(building(() => say({}, { retry }))).toThrow(code('E_RANGE'));
    },
  );

  it('an importer whose address is a number', () => {
    expect(building(() => importer({ uri: 1 as never, type: Dataset }))).toThrow(code('E_TYPE'));
  });
});
