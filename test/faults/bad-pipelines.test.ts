// Pipeline files that are refused before anything starts (fault matrix, rows 1 to 25).

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AnnealHome } from '../support/anneal-cli.js';
import { sampleSpec, PREPARE_TASK, type Change } from '../unit/ir/sample-spec.js';
import { expectNothingMade, expectRefusal, expectStack } from './support/refusal.js';

const INVALID = 3;
const PREPARE = 'root.dag.tasks.prepare';
const TRAIN = 'root.dag.tasks.train';
const TRAIN_INPUTS = 'components.comp-train.inputDefinitions';

const home = new AnnealHome();
afterAll(() => home.close());

/** Writes a file of the home. @returns its path */
function file(name: string, content: string | Uint8Array): string {
  const path = join(home.folder, name);
  writeFileSync(path, content);
  return path;
}

const changed = (change: Change): string => JSON.stringify(sampleSpec(change));
const condition = (text: string): string => changed({ [`${TRAIN}.triggerPolicy.condition`]: text });
const renamed = (...names: readonly string[]): string =>
  changed({ 'root.dag.tasks': Object.fromEntries(names.map((name) => [name, PREPARE_TASK])) });
const loopOver = (raw: string): string =>
  changed({ [`${PREPARE}.parameterIterator`]: { items: { raw }, itemInput: 'path' } });

function aliasBomb(): string {
  const lines = ['l0: &l0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 10; level++) {
    lines.push(
      `l${level}: &l${level} [${Array(10)
        .fill(`*l${level - 1}`)
        .join(', ')}]`,
    );
  }
  return lines.join('\n');
}

describe('a pipeline file is refused', { concurrent: true, timeout: 120_000 }, () => {
  const rows: [title: string, content: string | Uint8Array, code: string, place: RegExp][] = [
    [
      '1: tasks in a circle',
      changed({ [`${PREPARE}.dependentTasks`]: ['train'] }),
      'E_CYCLE',
      /prepare.*train.*prepare/,
    ],
    [
      '2: a task that waits for itself',
      changed({ [`${PREPARE}.dependentTasks`]: ['prepare'] }),
      'E_CYCLE',
      /prepare/,
    ],
    [
      '3: an unknown upstream task',
      changed({ [`${TRAIN}.dependentTasks`]: ['prepair'] }),
      'E_UNKNOWN_TASK',
      /prepair/,
    ],
    [
      '4: an output its producer does not have',
      changed({
        [`${TRAIN}.inputs.artifacts.rows.taskOutputArtifact`]: {
          producerTask: 'prepare',
          outputArtifactKey: 'row',
        },
      }),
      'E_UNKNOWN_OUTPUT',
      /row/,
    ],
    [
      '5: a missing component',
      changed({ [`${TRAIN}.componentRef.name`]: 'comp-trian' }),
      'E_UNKNOWN_COMPONENT',
      /comp-trian/,
    ],
    [
      '6: a missing executor',
      changed({ 'components.comp-train.executorLabel': 'exec-trian' }),
      'E_UNKNOWN_EXECUTOR',
      /exec-trian/,
    ],
    [
      '7: a required input without a value',
      changed({ [`${TRAIN}.inputs.parameters`]: undefined }),
      'E_MISSING_INPUT',
      /count/,
    ],
    [
      '8: a text wired to a number',
      changed({
        'components.comp-prepare.outputDefinitions.parameters.count.parameterType': 'STRING',
      }),
      'E_TYPE',
      /STRING.*NUMBER_INTEGER/,
    ],
    [
      '9: an artifact wired to a parameter',
      changed({
        [`${TRAIN}.inputs.parameters.count.taskOutputParameter`]: {
          producerTask: 'prepare',
          outputParameterKey: 'rows',
        },
      }),
      'E_KIND',
      /rows/,
    ],
    [
      '10: a Dataset wired to a Model',
      changed({ [`${TRAIN_INPUTS}.artifacts.rows.artifactType.schemaTitle`]: 'system.Model' }),
      'E_ARTIFACT_TYPE',
      /system\.Dataset.*system\.Model/,
    ],
    ['11: an alias bomb', aliasBomb(), 'E_YAML_LIMIT', /\.yaml:\d+/],
    ['12: 10 MB', `a: "${'x'.repeat(10_000_000)}"`, 'E_TOO_LARGE', /1000000\d/],
    ['12: 100 MB', Buffer.alloc(100_000_000, 'x'), 'E_TOO_LARGE', /100000000/],
    [
      '13: nesting 5,000 deep',
      `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      'E_YAML_LIMIT',
      /\.yaml:1/,
    ],
    ['14: a key twice', 'pipelineInfo: {}\nroot: {}\npipelineInfo: {}\n', 'E_YAML', /\.yaml:3:1/],
    [
      '15: a second document that is no platform spec',
      `${changed({})}\n---\na: 1\n`,
      'E_PLATFORM',
      /second document.*"a"/,
    ],
    ['16: an empty file', '', 'E_YAML', /empty.*\.yaml/],
    ['16: a list', '- a\n', 'E_YAML', /\.yaml/],
    ['16: binary', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0xff]), 'E_YAML', /\.yaml/],
    ['16: UTF-16', Buffer.from('\uFEFFpipelineInfo: {}', 'utf16le'), 'E_YAML', /UTF-16/],
    [
      '17: another major schema version',
      changed({ schemaVersion: '3.0.0' }),
      'E_SCHEMA_VERSION',
      /3\.0\.0/,
    ],
    [
      '17: no schema version',
      changed({ schemaVersion: undefined }),
      'E_SCHEMA_VERSION',
      /schema version is missing/,
    ],
    ['17: a field that nobody knows', changed({ rooot: {} }), 'E_SPEC', /rooot/],
    ['19: a name that climbs out', renamed('../../x'), 'E_NAME', /\.\.\/\.\.\/x/],
    ['19: a name of two segments', renamed('a/b'), 'E_NAME', /a\/b/],
    ['19: ".." as a name', renamed('..'), 'E_NAME', /"\.\."/],
    ['19: an empty name', renamed(''), 'E_NAME', /""/],
    ['19: a name of 300 characters', renamed('x'.repeat(300)), 'E_NAME', /xxx/],
    ['19: a name with a NUL', renamed('a\0b'), 'E_NAME', /a/],
    [
      '20: two names that are one in storage',
      renamed('a b', 'a-b'),
      'E_NAME_COLLISION',
      /a b.*a-b|a-b.*a b/,
    ],
    ['21: a condition that calls the host', condition('process.exit()'), 'E_CONDITION', /process/],
    [
      '21: a condition that is no CEL',
      condition("inputs.parameter_values['count'] ==="),
      'E_CONDITION',
      /column \d+/,
    ],
    [
      '21: a condition of 1 MB',
      condition('1 == 1 && '.repeat(100_000) + 'true'),
      'E_CONDITION',
      /1 == 1/,
    ],
    [
      '22: a loop over 1,000,000 items',
      loopOver(JSON.stringify(Array(1_000_000).fill(1))),
      'E_LOOP_LIMIT',
      /1000000|1,000,000/,
    ],
    ['22: a loop over what is no list', loopOver('{"a": 1}'), 'E_LOOP_LIMIT', /items/],
    [
      '23: -1 retries',
      changed({ [`${TRAIN}.retryPolicy`]: { maxRetryCount: -1 } }),
      'E_RANGE',
      /maxRetryCount.*-1/,
    ],
    [
      '23: 1,000,000,000 retries',
      changed({ [`${TRAIN}.retryPolicy`]: { maxRetryCount: 1_000_000_000 } }),
      'E_RANGE',
      /maxRetryCount/,
    ],
    [
      '23: a negative pause',
      changed({ [`${TRAIN}.retryPolicy`]: { maxRetryCount: 1, backoffDuration: '-1s' } }),
      'E_RANGE',
      /backoffDuration/,
    ],
    [
      '24: an unknown placeholder',
      changed({ 'deploymentSpec.executors.exec-train.container.args': ['{{$.nope}}'] }),
      'E_PLACEHOLDER',
      /\$\.nope/,
    ],
    [
      '25: an Argo Workflow',
      'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {}\n',
      'E_NOT_PIPELINE_SPEC',
      /Argo/,
    ],
    [
      '25: a Python program',
      'from kfp import dsl\n\n@dsl.pipeline\ndef p():\n    pass\n',
      'E_NOT_PIPELINE_SPEC',
      /Python/,
    ],
  ];

  test.each(rows)('row %s', async (title, content, code, place) => {
    const path = file(`${title.replaceAll(/\W+/g, '-')}.yaml`, content);

    await expectRefusal(home, ['validate', path], { code, exitCode: INVALID, place });
  });

  test('row 12: a file without end is not read to its end', async () => {
    await expectRefusal(home, ['validate', '/dev/zero'], {
      code: 'E_TOO_LARGE',
      exitCode: INVALID,
      place: /\/dev\/zero/,
    });
  });

  test('a pipeline may come through a pipe', async () => {
    const pipe = join(home.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);

    const validated = home.call('validate', pipe);
    await writeFile(pipe, changed({}));

    expect((await validated).exitCode).toBe(0);
  });

  test('row 16: a byte order mark is no fault', async () => {
    const { exitCode } = await home.call('validate', file('bom.yaml', `\uFEFF${changed({})}`));

    expect(exitCode).toBe(0);
  });

  test('row 17: a newer minor version is a warning', async () => {
    const path = file('newer.yaml', changed({ schemaVersion: '2.9.9' }));

    const { exitCode, stderr } = await home.call('validate', path);

    expect(exitCode).toBe(0);
    expect(stderr).toContain('2.9.9');
  });

  test('a file that is not there is refused with its path', async () => {
    const missing = join(home.folder, 'no-such.yaml');

    await expectRefusal(home, ['run', missing], {
      code: 'E_YAML',
      exitCode: INVALID,
      place: /no-such\.yaml/,
    });
  });

  test('its stack is shown with --debug only', async () => {
    await expectStack(home, ['validate', file('stack.yaml', '- a\n')]);
  });
});

test('after all of this nothing was started, published or deployed', () => {
  expectNothingMade(home);
});
