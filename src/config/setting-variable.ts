import type { z } from 'zod';

/** One row of the table of settings. */
export interface SettingVariable {
  readonly schema: z.ZodType;
  /** Completes the sentence "expected …". */
  readonly expected: string;
  readonly default: string;
  readonly meaning: string;
  /** Flag of the commands that take it. */
  readonly flag?: string;
  /** `tasks`: set by a runner for the task it starts; `tests`: of no use outside the project's own tests. */
  readonly audience: 'everyone' | 'tasks' | 'tests';
}
