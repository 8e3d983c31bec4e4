// Plain columns, as wide as their widest cell.

const ESCAPE_SEQUENCE = /\u001b\[[0-9;]*m/g;

/** Lines up rows of cells; cells may be coloured. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(widths[column]! - visibleLength(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Number of characters a text takes on screen. */
export function visibleLength(text: string): number {
  return [...text.replace(ESCAPE_SEQUENCE, '')].length;
}
