// Warm interpreters by environment and by what they have imported.
//
// W1. A task that uses no heavy module gets a zygote without them, so it never waits for their import.
// W2. At most MAX_ZYGOTES live at once; the one unused for longest goes first.

import { launcherEnvironment } from './clean-environment.js';
import { Zygote } from './zygote.js';

const MAX_ZYGOTES = 6;
/** Imports that take long, load no threads before their first use, and are safe to fork after. */
const HEAVY = {
  numpy: ['numpy'],
  pandas: ['numpy', 'pandas'],
  sklearn: [
    'numpy',
    'pandas',
    'threadpoolctl',
    'sklearn.ensemble',
    'sklearn.pipeline',
    'sklearn.compose',
    'sklearn.preprocessing',
    'sklearn.impute',
    'sklearn.model_selection',
    'sklearn.metrics',
    'skops.io',
  ],
} as const;

/** What a program will import: read from its text, as imports of lightweight components are in it. */
export function preloadFor(source: string): readonly string[] {
  const wants = (module: string): boolean =>
    new RegExp(`^\\s*(?:import|from)\\s+${module}\\b`, 'm').test(source);
  if (wants('sklearn') || wants('skops')) return HEAVY.sklearn;
  if (wants('pandas')) return HEAVY.pandas;
  return wants('numpy') ? HEAVY.numpy : [];
}

/** The modules of Anneal's own components. */
export const TASKS_PRELOAD: readonly string[] = HEAVY.sklearn;

export class ZygotePool {
  private readonly zygotes = new Map<string, Zygote>();

  constructor(private readonly tasksFolder: string) {}

  /** Forks a supervisor in the right warm interpreter; rejects when there is none to be had. */
  launch(python: string, modules: readonly string[], requestPath: string): Promise<number> {
    const key = JSON.stringify([python, modules]);
    let zygote = this.zygotes.get(key);
    if (!zygote?.isUsable)
      zygote = new Zygote(python, modules, launcherEnvironment(this.tasksFolder));
    this.zygotes.delete(key);
    this.zygotes.set(key, zygote);
    this.shrink();
    return zygote.launch(requestPath);
  }

  async close(): Promise<void> {
    await Promise.all([...this.zygotes.values()].map((zygote) => zygote.close()));
    this.zygotes.clear();
  }

  private shrink(): void {
    for (const [key, zygote] of this.zygotes) {
      if (this.zygotes.size <= MAX_ZYGOTES) return;
      this.zygotes.delete(key);
      void zygote.close();
    }
  }
}
