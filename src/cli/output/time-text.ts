/** A time for people, from ISO 8601: `2026-01-31 06:00:00`, UTC. */
export function timeText(iso: string): string {
  return iso.replace('T', ' ').slice(0, 19);
}
