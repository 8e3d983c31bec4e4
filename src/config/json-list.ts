import { z } from 'zod';

/** A setting that is a JSON list, checked item by item. */
export function jsonList<Item extends z.ZodType>(item: Item) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'expected JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.array(item));
}
