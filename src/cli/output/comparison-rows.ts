// Rows of what was compared: a heading, then a name with a value for each thing.

import type { JsonValue } from '../../util/index.js';

const SHOWN_CHARS = 40;

export interface ComparedRow {
  readonly name: string;
  readonly values: readonly JsonValue[];
  readonly differs: boolean;
}

/** Makes the rows of a section; none when nothing is to be shown. */
export function comparisonRows(
  title: string,
  rows: readonly ComparedRow[],
  { showsEqual, dim }: { readonly showsEqual: boolean; readonly dim: (text: string) => string },
): string[][] {
  const shown = rows.filter(({ differs }) => showsEqual || differs);
  if (shown.length === 0) return [];
  return [[dim(title)], ...shown.map(({ name, values }) => [name, ...values.map(shortValue)])];
}

function shortValue(value: JsonValue): string {
  if (value === null) return '–';
  if (typeof value === 'number' && !Number.isInteger(value))
    return String(Number(value.toFixed(6)));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS - 1)}…`;
}
