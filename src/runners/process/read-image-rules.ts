import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { imageRulesInvalid } from '../../errors/config.js';
import type { ImageRule } from './image-rules.js';

const RULES = z.array(
  z.strictObject({
    image: z.string().min(1),
    use: z.enum(['host', 'refuse']).optional(),
    python: z.string().min(1).optional(),
    requirements: z.array(z.string().min(1)).min(1).optional(),
  }),
);

/**
 * Reads the user's rules for images; there are none when there is no file.
 *
 * @param file  YAML: a list of rules; a relative `python` starts at the file's folder
 * @throws E_CONFIG
 */
export function readImageRules(file: string): readonly ImageRule[] {
  if (!existsSync(file)) return [];
  try {
    const rules = RULES.parse(parse(readFileSync(file, 'utf8')) ?? []);
    return rules.map((rule) =>
      rule.python === undefined
        ? rule
        : { ...rule, python: path.resolve(path.dirname(file), rule.python) },
    );
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw imageRulesInvalid(file, reason, error);
  }
}
