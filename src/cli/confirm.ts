import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { CliContext } from './cli-context.js';

/** Asks a person; whoever is not at a terminal has agreed by calling. @returns whether to go on */
export async function confirm(
  { output, environment }: CliContext,
  question: string,
): Promise<boolean> {
  const { stdin, stderr } = environment;
  if (output.options.json || stdin.isTTY !== true || stderr.isTTY !== true) return true;
  stderr.write(`${question} [Y/n] `);
  const lines = createInterface({ input: stdin });
  try {
    const [answer = 'n'] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [
      string?,
    ];
    return /^(y|yes|)$/iu.test(answer.trim());
  } finally {
    lines.close();
  }
}
