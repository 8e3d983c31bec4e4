// Parameters and settings that are refused before anything starts (fault matrix, rows 26 to 34, 50 to 55).

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AnnealHome } from '../support/anneal-cli.js';
import { expectNothingMade, expectRefusal, expectStack } from './support/refusal.js';

const INVALID = 3;
const USAGE = 2;

const home = new AnnealHome();
afterAll(() => home.close());

/** Writes a file of the home. @returns its path */
function file(name: string, content: string): string {
  const path = join(home.folder, name);
  writeFileSync(path, content);
  return path;
}

describe(
  'a parameter is refused before the run starts',
  { concurrent: true, timeout: 120_000 },
  () => {
    const HERE = 'data_path=examples/churn/mlc_churn.csv';
    const rows: [title: string, flags: string[], code: string, place: RegExp][] = [
      [
        '26: text for an integer',
        ['n_estimators=abc'],
        'E_PARAM',
        /n_estimators.*abc.*whole number/,
      ],
      ['26: a fraction for an integer', ['n_estimators=1.5'], 'E_PARAM', /n_estimators.*1\.5/],
      ['26: a boolean for an integer', ['n_estimators=true'], 'E_PARAM', /n_estimators.*true/],
      ['27: NaN', ['test_split=NaN'], 'E_PARAM', /test_split.*NaN/],
      ['27: Infinity', ['deploy_threshold=Infinity'], 'E_PARAM', /deploy_threshold.*Infinity/],
      ['27: 1e400', ['deploy_threshold=1e400'], 'E_PARAM', /deploy_threshold.*1e400/],
      [
        '28: 2^53 + 1',
        ['n_estimators=9007199254740993'],
        'E_PARAM',
        /n_estimators.*9007199254740993/,
      ],
      ['29: a misspelt name', ['n_estimator=3'], 'E_PARAM', /n_estimator/],
      ['31: __proto__', ['__proto__=1'], 'E_PARAM', /__proto__/],
      ['31: constructor', ['constructor=1'], 'E_PARAM', /constructor/],
      ['31: toString', ['toString=1'], 'E_PARAM', /toString/],
      ['50: test_split 0', ['test_split=0'], 'E_PARAM', /test_split.*0/],
      ['50: test_split 1', ['test_split=1'], 'E_PARAM', /test_split.*1/],
      ['50: test_split -0.1', ['test_split=-0.1'], 'E_PARAM', /test_split.*-0\.1/],
      ['50: test_split 2', ['test_split=2'], 'E_PARAM', /test_split.*2/],
      ['51: a threshold of 85', ['deploy_threshold=85'], 'E_PARAM', /deploy_threshold.*85/],
      ['51: a threshold of 2', ['deploy_threshold=2'], 'E_PARAM', /deploy_threshold.*2/],
      ['51: a threshold of -1', ['deploy_threshold=-1'], 'E_PARAM', /deploy_threshold.*-1/],
      ['51: a threshold of 1.01', ['deploy_threshold=1.01'], 'E_PARAM', /deploy_threshold.*1\.01/],
      [
        '53: an endpoint name with "!"',
        ['endpoint_name=churn_model!'],
        'E_ENDPOINT_NAME',
        /churn_model!/,
      ],
      [
        '53: an endpoint name of 64 characters',
        [`endpoint_name=${'x'.repeat(64)}`],
        'E_ENDPOINT_NAME',
        /xxx/,
      ],
      [
        '53: an endpoint name that begins with a hyphen',
        ['endpoint_name=-x'],
        'E_ENDPOINT_NAME',
        /-x/,
      ],
      ['53: an empty endpoint name', ['endpoint_name='], 'E_ENDPOINT_NAME', /endpoint_name/],
      [
        '55: a misspelt instance type',
        ['instance_type=ml.t2.mediun'],
        'E_INSTANCE_TYPE',
        /ml\.t2\.mediun/,
      ],
      ['55: an EC2 instance type', ['instance_type=t2.medium'], 'E_INSTANCE_TYPE', /t2\.medium/],
    ];

    test.each(rows)('row %s', async (_, flags, code, place) => {
      const given = [HERE, ...flags].flatMap((flag) => ['--param', flag]);

      await expectRefusal(home, ['run', 'ml-training-pipeline', ...given], {
        code,
        exitCode: INVALID,
        place,
      });
    });

    test('row 29: the nearest name is suggested', async () => {
      const { stderr } = await home.call(
        'run',
        'ml-training-pipeline',
        '-p',
        HERE,
        '-p',
        'n_estimator=3',
      );

      expect(stderr).toContain('Did you mean "n_estimators"?');
    });

    test('row 30: a required parameter is missing', async () => {
      await expectRefusal(home, ['run', 'ml-training-pipeline'], {
        code: 'E_PARAM',
        exitCode: INVALID,
        place: /data_path/,
      });
    });

    test('row 51: a threshold that is text in a file', async () => {
      const params = file('text.json', '{"data_path": "x.csv", "deploy_threshold": "0.85"}');

      await expectRefusal(home, ['run', 'ml-training-pipeline', '--params-file', params], {
        code: 'E_PARAM',
        exitCode: INVALID,
        place: /deploy_threshold/,
      });
    });

    test('row 32: a text of 3 MB', async () => {
      const params = file('large.json', JSON.stringify({ data_path: 'x'.repeat(3_000_000) }));

      await expectRefusal(home, ['run', 'ml-training-pipeline', '--params-file', params], {
        code: 'E_PARAM_SIZE',
        exitCode: INVALID,
        place: /1048576/,
      });
    });

    test('row 32: 10,000 parameters', async () => {
      const many = Object.fromEntries(
        Array.from({ length: 10_000 }, (_, index) => [`p${index}`, 1]),
      );
      const params = file('many.json', JSON.stringify(many));

      await expectRefusal(home, ['run', 'ml-training-pipeline', '--params-file', params], {
        code: 'E_PARAM',
        exitCode: INVALID,
        place: /"p0"/,
      });
    });

    test('row 33: a text with a NUL', async () => {
      const params = file('nul.json', '{"data_path": "a\\u0000b"}');

      await expectRefusal(home, ['run', 'ml-training-pipeline', '--params-file', params], {
        code: 'E_PARAM',
        exitCode: INVALID,
        place: /data_path/,
      });
    });

    test('row 34: a parameter given twice', async () => {
      await expectRefusal(home, ['run', 'ml-training-pipeline', '-p', HERE, '-p', HERE], {
        code: 'E_USAGE',
        exitCode: USAGE,
        place: /data_path.*twice/,
      });
    });

    test('row 34: a flag wins over the file, and says so', async () => {
      const params = file('both.json', '{"test_split": 0.3}');

      const { stderr } = await home.call(
        ...['run', 'ml-training-pipeline', '--params-file', params],
        ...['-p', 'test_split=0.4'],
      );

      expect(stderr).toContain('test_split = 0.4 from --param (the file says 0.3)');
    });

    test('its stack is shown with --debug only', async () => {
      await expectStack(home, ['run', 'ml-training-pipeline']);
    });
  },
);

describe(
  'a setting is refused before anything starts',
  { concurrent: true, timeout: 120_000 },
  () => {
    const SAGEMAKER = {
      ANNEAL_DEPLOY_TARGET: 'sagemaker',
      ANNEAL_SAGEMAKER_IMAGE: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1',
      ANNEAL_SAGEMAKER_BUCKET: 'models',
      ANNEAL_SAGEMAKER_REGION: 'eu-west-1',
    };
    const rows: [
      title: string,
      environment: Record<string, string>,
      code: string,
      place: RegExp,
    ][] = [
      ['a misspelt setting', { ANNEAL_HOMES: '/x' }, 'E_CONFIG', /ANNEAL_HOMES/],
      [
        'a wrong value',
        { ANNEAL_HEARTBEAT_SECONDS: 'soon' },
        'E_CONFIG',
        /ANNEAL_HEARTBEAT_SECONDS.*soon/,
      ],
      [
        'row 54: a malformed role',
        { ...SAGEMAKER, ANNEAL_SAGEMAKER_ROLE: 'arn:aws:iam::12:user/me' },
        'E_CONFIG',
        /ANNEAL_SAGEMAKER_ROLE/,
      ],
    ];

    test.each(rows)('%s', async (_, environment, code, place) => {
      const other = new AnnealHome(environment);

      await expectRefusal(other, ['run', 'ml-training-pipeline', '-p', 'data_path=x.csv'], {
        code,
        exitCode: INVALID,
        place,
      });
      await other.close();
    });
  },
);

test('after all of this nothing was started, published or deployed', () => {
  expectNothingMade(home);
});
