/** Renders one table for each family of errors. */
export function renderErrorTables(
  codes: Readonly<Record<string, { family: string; exitCode: number; meaning: string }>>,
): string;

/** Renders the help of every command. */
export function renderCommands(
  commands: readonly { readonly words: string; readonly help: string }[],
): string;

/** Replaces what stands between the two marks of a part. */
export function replacePart(page: string, part: string, text: string): string;
