import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadSettings, settingsEnvironment } from '../../../src/config/index.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-settings-'));
});

/** An environment in which no temporal.toml of this machine's user is found. */
const environment = (variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  XDG_CONFIG_HOME: folder,
  HOME: folder,
  ...variables,
});

function writeProfile(toml: string): string {
  const file = path.join(folder, 'temporal.toml');
  writeFileSync(file, toml);
  return file;
}

describe('loading settings', () => {
  test('with nothing set gives the embedded server and a home in the working directory', () => {
    const settings = loadSettings(environment(), { cwd: folder });

    expect(settings).toMatchObject({
      home: path.join(folder, '.anneal'),
      projectFolder: folder,
      store: path.join(folder, '.anneal', 'store'),
      importRoots: [folder],
      temporal: { mode: 'embedded' },
      deploy: { target: 'local' },
      heartbeatSeconds: 10,
      debug: false,
      warnings: [],
    });
  });

  test('finds the home of the project from a folder inside it', () => {
    const inner = path.join(folder, 'pipelines', 'churn');
    mkdirSync(inner, { recursive: true });
    mkdirSync(path.join(folder, '.anneal'));

    expect(loadSettings(environment(), { cwd: inner }).home).toBe(path.join(folder, '.anneal'));
  });

  test('takes buckets among the places that importers may read', () => {
    const roots = ['data', 's3://bucket/raw/', '/srv', 's3://other'].join(path.delimiter);

    const settings = loadSettings(environment({ ANNEAL_IMPORT_ROOTS: roots }), { cwd: folder });

    expect(settings.importRoots).toEqual([
      path.join(folder, 'data'),
      's3://bucket/raw',
      '/srv',
      's3://other',
    ]);
  });

  test('reads how S3 is reached, and never a credential', () => {
    const settings = loadSettings(
      environment({
        ANNEAL_STORE: 's3://bucket/team/',
        ANNEAL_S3_ENDPOINT: 'https://minio.internal:9000/',
        ANNEAL_S3_KMS_KEY_ID: 'key-1',
        AWS_REGION: 'eu-west-3',
        AWS_SECRET_ACCESS_KEY: 'topsecret',
      }),
      { cwd: folder },
    );

    expect(settings.store).toBe('s3://bucket/team');
    expect(settings.s3).toEqual({
      endpoint: 'https://minio.internal:9000',
      region: 'eu-west-3',
      pathStyle: undefined,
      encryption: 'aws:kms',
      kmsKeyId: 'key-1',
    });
    expect(JSON.stringify(settings)).not.toContain('topsecret');
  });

  test('makes relative paths absolute, from the working directory', () => {
    const roots = ['data', '/srv/data'].join(path.delimiter);

    const settings = loadSettings(
      environment({ ANNEAL_HOME: 'home', ANNEAL_STORE: 'store', ANNEAL_IMPORT_ROOTS: roots }),
      { cwd: folder },
    );

    expect(settings.home).toBe(path.join(folder, 'home'));
    expect(settings.store).toBe(path.join(folder, 'store'));
    expect(settings.importRoots).toEqual([path.join(folder, 'data'), '/srv/data']);
  });

  test('takes an S3 store as it is, without a closing slash', () => {
    const settings = loadSettings(environment({ ANNEAL_STORE: 's3://bucket/prefix/' }));

    expect(settings.store).toBe('s3://bucket/prefix');
  });

  test('counts an empty variable as unset', () => {
    const settings = loadSettings(environment({ ANNEAL_DEBUG: '', TEMPORAL_ADDRESS: '' }));

    expect(settings.debug).toBe(false);
    expect(settings.temporal.mode).toBe('embedded');
  });

  test('gives an object that cannot be changed, at any depth', () => {
    const settings = loadSettings(environment());

    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.deploy.sagemaker)).toBe(true);
    expect(Object.isFrozen(settings.importRoots)).toBe(true);
  });

  test('can be written as variables that give the same settings elsewhere', () => {
    const settings = loadSettings(
      environment({
        ANNEAL_DEPLOY_TARGET: 'sagemaker',
        ANNEAL_SAGEMAKER_ROLE: 'arn:aws:iam::123456789012:role/serving',
        ANNEAL_HEARTBEAT_SECONDS: '2.5',
        ANNEAL_DEBUG: 'true',
        AWS_REGION: 'eu-west-1',
      }),
      { cwd: folder },
    );

    const again = loadSettings(environment({ ...settingsEnvironment(settings) }), { cwd: '/' });

    expect(again).toEqual(settings);
  });
});

describe('a wrong setting', () => {
  test('of an unknown name is refused, with the name that was meant', () => {
    expect(() => loadSettings(environment({ ANNEAL_HOEM: '/x' }))).toThrow(
      expect.objectContaining({ code: 'E_CONFIG', hint: 'Did you mean ANNEAL_HOME?' }),
    );
  });

  test('of a name like nothing known is refused with the list of settings', () => {
    expect(() => loadSettings(environment({ ANNEAL_COLOUR_OF_THE_SKY: 'blue' }))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('ANNEAL_HOME') as unknown }),
    );
  });

  test.each([
    ['ANNEAL_DEPLOY_TARGET', 'production', 'local or sagemaker'],
    ['ANNEAL_HEARTBEAT_SECONDS', '0', '1 to 3600'],
    ['ANNEAL_HEARTBEAT_SECONDS', 'ten', '1 to 3600'],
    ['ANNEAL_HEARTBEAT_SECONDS', '1e400', '1 to 3600'],
    ['ANNEAL_DEBUG', 'maybe', '1 or 0'],
    ['ANNEAL_STORE', 's3://', 's3://bucket/prefix'],
    ['ANNEAL_SAGEMAKER_ROLE', 'nope', 'role ARN'],
    ['ANNEAL_SAGEMAKER_REGION', 'Europe', 'AWS region'],
  ])('%s=%s is refused, with what is allowed', (name, value, allowed) => {
    expect(() => loadSettings(environment({ [name]: value }))).toThrow(
      expect.objectContaining({
        code: 'E_CONFIG',
        where: name,
        message: expect.stringContaining(allowed) as unknown,
      }),
    );
  });
});

describe("Temporal's own configuration", () => {
  test('an address means that cluster, with a longer heartbeat timeout', () => {
    const settings = loadSettings(
      environment({ TEMPORAL_ADDRESS: '127.0.0.1:7233', TEMPORAL_NAMESPACE: 'team' }),
    );

    expect(settings.temporal).toMatchObject({
      mode: 'cluster',
      connection: { address: '127.0.0.1:7233', namespace: 'team' },
    });
    expect(settings.heartbeatSeconds).toBe(30);
  });

  test('an API key comes with TLS', () => {
    const settings = loadSettings(
      environment({ TEMPORAL_ADDRESS: 'eu.example:7233', TEMPORAL_API_KEY: 'key' }),
    );

    expect(settings.temporal).toMatchObject({ connection: { apiKey: 'key', tls: true } });
    expect(settings.warnings).toEqual([]);
  });

  test('a named profile of a file is used, with its certificates', () => {
    const file = writeProfile(`
      [profile.prod]
      address = "eu.example:7233"
      namespace = "prod"
      [profile.prod.tls]
      server_name = "temporal"
      client_cert_data = "CERT"
      client_key_data = "KEY"`);

    const settings = loadSettings(
      environment({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'prod' }),
    );

    expect(settings.temporal).toMatchObject({
      mode: 'cluster',
      connection: {
        address: 'eu.example:7233',
        namespace: 'prod',
        tls: {
          serverNameOverride: 'temporal',
          clientCertPair: {
            crt: new TextEncoder().encode('CERT'),
            key: new TextEncoder().encode('KEY'),
          },
        },
      },
    });
  });

  test('a default profile without an address leaves the embedded server in use', () => {
    const file = writeProfile('[profile.default]\nnamespace = "mine"\n');

    const settings = loadSettings(environment({ TEMPORAL_CONFIG_FILE: file }));

    expect(settings.temporal).toEqual({ mode: 'embedded' });
  });

  test('an empty file leaves the embedded server in use', () => {
    const file = writeProfile('');

    const settings = loadSettings(environment({ TEMPORAL_CONFIG_FILE: file }));

    expect(settings.temporal).toEqual({ mode: 'embedded' });
  });

  test('a profile that is not in the file is refused by name', () => {
    const file = writeProfile('[profile.default]\n');

    expect(() =>
      loadSettings(environment({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'prod' })),
    ).toThrow(
      expect.objectContaining({
        code: 'E_CONFIG',
        message: expect.stringContaining('prod') as unknown,
      }),
    );
  });

  test('a file that does not exist is refused', () => {
    expect(() => loadSettings(environment({ TEMPORAL_CONFIG_FILE: '/nowhere.toml' }))).toThrow(
      '/nowhere.toml does not exist',
    );
  });

  test.each(['temporal.example:7233', '10.0.0.5:7233', '[2001:db8::1]:7233'])(
    'an unencrypted connection to %s is warned of',
    (address) => {
      const { warnings } = loadSettings(environment({ TEMPORAL_ADDRESS: address }));

      expect(warnings).toEqual([expect.stringContaining('not encrypted')]);
    },
  );

  test.each(['localhost:7233', '127.0.0.1:7233', '[::1]:7233'])(
    'an unencrypted connection to %s, this machine, is not',
    (address) => {
      expect(loadSettings(environment({ TEMPORAL_ADDRESS: address })).warnings).toEqual([]);
    },
  );
});

describe('tracking in MLflow', () => {
  const variables = {
    ANNEAL_MLFLOW_TRACKING_URI: 'https://mlflow.example/',
    ANNEAL_MLFLOW_EXPERIMENT: 'churn',
    ANNEAL_MLFLOW_TOKEN: 'env:MLFLOW_TOKEN',
  };
  const target = {
    trackingUri: 'https://mlflow.example',
    experiment: 'churn',
    token: 'env:MLFLOW_TOKEN',
  };

  test('is a hook of all runs', () => {
    const settings = loadSettings(environment(variables), { cwd: folder });

    expect(settings.mlflow).toEqual(target);
    expect(settings.hooks).toEqual([{ on: ['run.*'], mlflow: target }]);
  });

  test('is inherited by a worker once', () => {
    const settings = loadSettings(environment(variables), { cwd: folder });

    const inherited = loadSettings(environment(settingsEnvironment(settings)), { cwd: folder });

    expect(inherited.hooks).toEqual(settings.hooks);
    expect(inherited.mlflow).toEqual(settings.mlflow);
  });

  test.each([
    ['ANNEAL_MLFLOW_TRACKING_URI', 'https://user:secret@mlflow.example'],
    ['ANNEAL_MLFLOW_TRACKING_URI', 'https://mlflow.example?token=secret'],
    ['ANNEAL_MLFLOW_TRACKING_URI', 'sqlite:///mlflow.db'],
    ['ANNEAL_MLFLOW_TOKEN', 'the token itself'],
  ])('is refused where %s is %s', (name, value) => {
    const load = () => loadSettings(environment({ ...variables, [name]: value }), { cwd: folder });

    expect(load).toThrow(name);
  });
});
