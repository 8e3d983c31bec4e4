import { isIP } from 'node:net';

/** A host and the ports of it that may be taken, both ends included. */
export interface MetricsAddress {
  /** An IP address; IPv6 in brackets. */
  readonly host: string;
  readonly firstPort: number;
  readonly lastPort: number;
}

const FORM = /^(?:(\[[0-9A-Fa-f:.]+\]|[0-9.]+|localhost)?:)?(\d{1,5})(?:-(\d{1,5}))?$/;
const LOOPBACK = '127.0.0.1';
const MOST_PORTS = 100;

/**
 * Reads `9464`, `127.0.0.1:9464`, `[::1]:9464` or `0.0.0.0:9464-9473`; without a host it is loopback.
 * @returns undefined when it is none of them
 */
export function parseMetricsAddress(address: string): MetricsAddress | undefined {
  const [, named = 'localhost', first, last = first] = FORM.exec(address) ?? [];
  const host = named === 'localhost' ? LOOPBACK : named;
  const [firstPort, lastPort] = [Number(first), Number(last)];
  if (isIP(host.replace(/^\[|\]$/g, '')) === 0) return undefined;
  const isRange = firstPort >= 1 && firstPort <= lastPort && lastPort <= 65_535;
  if (!isRange || lastPort - firstPort >= MOST_PORTS) return undefined;
  return { host, firstPort, lastPort };
}

/** The address as the setting has it. */
export function metricsAddressText({ host, firstPort, lastPort }: MetricsAddress): string {
  return `${host}:${firstPort}${lastPort === firstPort ? '' : `-${lastPort}`}`;
}
