// Log lines for people: what a JSON line says, on one line of a terminal.

/** Told before everything else, in this order. */
const PLACE = ['runId', 'pipeline', 'task', 'attempt'];
/** In every line, and of use to machines only. */
const LEFT_OUT = new Set(['time', 'level', 'message', 'pid', 'hostname', 'sdkComponent']);
const LONGEST_VALUE = 500;

/** Writes one line of the log as text; what is no JSON object stays as it is. */
export function logText(line: string): string {
  const entry = parse(line);
  if (entry === undefined) return line;
  const { time, level, message } = entry;
  const names = Object.keys(entry).filter((name) => !LEFT_OUT.has(name) && !PLACE.includes(name));
  const facts = [...PLACE, ...names]
    .filter((name) => entry[name] !== undefined)
    .map((name) => `${name}=${valueText(entry[name])}`);
  const head = `${word(time).slice(11, 23)} ${word(level).toUpperCase().padEnd(5)} ${word(message)}`;
  return [head, ...facts].join('  ');
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
