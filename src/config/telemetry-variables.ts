// The settings of logs and metrics (docs/observability.md). Traces have OpenTelemetry's own variables.

import { z } from 'zod';
import { parseMetricsAddress } from './metrics-address.js';
import { text } from './setting-schemas.js';
import type { SettingVariable } from './setting-variable.js';

export const TELEMETRY_VARIABLES = {
  ANNEAL_LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error']),
    expected: 'trace, debug, info, warn or error',
    default: '`info`, with `ANNEAL_DEBUG` `debug`',
    meaning: 'The least that workers log.',
    audience: 'everyone',
  },
  ANNEAL_LOG_FORMAT: {
    schema: z.enum(['json', 'text']),
    expected: 'json or text',
    default: '`text` on a terminal, else `json`',
    meaning: 'How workers write their log: one JSON object a line, or lines for people.',
    audience: 'everyone',
  },
  ANNEAL_METRICS_ADDRESS: {
    schema: text.refine((value) => parseMetricsAddress(value) !== undefined),
    expected: 'port, host:port or host:first-last, where the host is an IP address or localhost',
    default: 'none: no metrics are served',
    meaning:
      'Where a worker serves metrics for Prometheus; without a host on loopback. Of a range it takes the first free port.',
    audience: 'everyone',
  },
} as const satisfies Record<string, SettingVariable>;
