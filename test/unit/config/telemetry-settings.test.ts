import { describe, expect, test } from 'vitest';
import { loadSettings, settingsEnvironment } from '../../../src/config/index.js';

const load = (variables: NodeJS.ProcessEnv) =>
  loadSettings({ HOME: '/nowhere', XDG_CONFIG_HOME: '/nowhere', ...variables }).telemetry;

describe('the settings of logs, metrics and traces', () => {
  test('without any: a quiet log, no metrics, no traces', () => {
    expect(load({})).toEqual({ logLevel: 'info', isTraced: false });
  });

  test('debugging logs more, unless a level is named', () => {
    expect(load({ ANNEAL_DEBUG: '1' }).logLevel).toBe('debug');
    expect(load({ ANNEAL_DEBUG: '1', ANNEAL_LOG_LEVEL: 'error' }).logLevel).toBe('error');
  });

  test.each([
    ['9464', '127.0.0.1', 9464, 9464],
    [':9464', '127.0.0.1', 9464, 9464],
    ['localhost:9464', '127.0.0.1', 9464, 9464],
    ['0.0.0.0:9464-9473', '0.0.0.0', 9464, 9473],
    ['[::1]:9464', '[::1]', 9464, 9464],
  ])('metrics at %s', (address, host, firstPort, lastPort) => {
    const settings = loadSettings({ HOME: '/nowhere', ANNEAL_METRICS_ADDRESS: address });
    const again = load({ ...settingsEnvironment(settings) });

    expect(settings.telemetry.metrics).toEqual({ host, firstPort, lastPort });
    expect(again.metrics).toEqual(settings.telemetry.metrics);
  });

  test.each(['0', '65536', '9473-9464', '1-200', 'metrics.example:9464', '300.0.0.1:9464', 'on'])(
    'metrics at "%s" are refused',
    (address) => {
      expect(() => load({ ANNEAL_METRICS_ADDRESS: address })).toThrow('ANNEAL_METRICS_ADDRESS');
    },
  );

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_TRACES_EXPORTER: 'none' }, false],
    [{ OTEL_SERVICE_NAME: 'anneal' }, false],
  ])('traces with %o: %s', (variables, isTraced) => {
    expect(load(variables).isTraced).toBe(isTraced);
  });
});
