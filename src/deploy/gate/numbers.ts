// Numbers as the gate takes them: whatever is not exactly what it should be is no number at all.

/** A number from 0 without fraction. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** From 0 to 1. */
export function isFraction(value: unknown): value is number {
  return isFinite(value) && value >= 0 && value <= 1;
}

/** Rounded for a sentence. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
