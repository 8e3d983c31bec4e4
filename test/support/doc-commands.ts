import { readFileSync } from 'node:fs';

/** The `sh` code blocks of a page of docs/, in order. */
export function docCommands(page: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!.trim());
}
