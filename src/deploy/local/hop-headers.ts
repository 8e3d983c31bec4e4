import type { IncomingHttpHeaders } from 'node:http';

// RFC 9110 section 7.6.1 and RFC 9112: they concern one connection and are not passed on.
const HOP_HEADERS = [
  'connection',
  // Answered by Node's server itself (100 Continue).
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Drops the headers that end at a proxy, also those that `Connection` names. */
export function withoutHopHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_HEADERS, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}
