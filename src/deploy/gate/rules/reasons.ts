import type { GateFacts } from '../gate-facts.js';

/** Why a fact could not be had; undefined when nothing says so. */
export function reasonFor(unavailable: GateFacts['evidence']['unavailable'], name: string) {
  const reasons = unavailable ?? {};
  const reason: unknown = Object.hasOwn(reasons, name) ? reasons[name] : undefined;
  return typeof reason === 'string' && reason !== '' ? reason : undefined;
}

/** Without its full stop, to go on in a sentence. */
export function clean(reason: string): string {
  return reason.replace(/\.$/u, '');
}

/** With its full stop. */
export function sentence(reason: string): string {
  return `${clean(reason)}.`;
}
