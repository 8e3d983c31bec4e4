const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** Writes a size for people, in decimal units: `812 B`, `4.2 kB`, `1.7 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length);
  const value = bytes / 1000 ** power;
  const rounded = Number(value.toFixed(1));
  if (rounded < 1000 || power === UNITS.length) return `${rounded} ${UNITS[power - 1]}`;
  return `1 ${UNITS[power]}`;
}
