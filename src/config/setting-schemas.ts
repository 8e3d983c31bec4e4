// The forms that settings share.

import { z } from 'zod';

/** Any text. */
export const text = z.string();
/** true or false. */
export const flag = z
  .enum(['1', 'true', '0', 'false'])
  .transform((word) => ['1', 'true'].includes(word));

/** A number in a range, both ends included. */
export function numberBetween(minimum: number, maximum: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
}
